/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import fc from "fast-check";
import { truncateAddress } from "./privacy.ts";

Deno.test("addresses are cut to /24 and /48", () => {
  const cases: Record<string, string> = {
    "203.0.113.77": "203.0.113.0",
    "255.255.255.255": "255.255.255.0",
    "::ffff:203.0.113.77": "203.0.113.0",
    "0:0:0:0:0:ffff:203.0.113.77": "203.0.113.0",
    "2001:db8:abcd:12:1:2:3:4": "2001:db8:abcd::",
    "2001:0DB8:00CD::1": "2001:db8:cd::",
    "2001:db8::1": "2001:db8::",
    "2001:0:0:1::": "2001::",
    "fe80::1%eth0": "fe80::",
    "::1": "::",
    "::": "::",
    "1:2:3:4:5:6:7:8": "1:2:3::",
  };
  for (const [given, kept] of Object.entries(cases)) assert.equal(truncateAddress(given), kept);
});

Deno.test("what is no address is not kept", () => {
  for (
    const text of [
      "",
      "unknown",
      "localhost",
      "1.2.3",
      "1.2.3.256",
      "1.2.3.",
      "01.2.3.4",
      "1.2.3.4.5",
      "1:2:3",
      "1::2::3",
      "12345::",
      "1:2:3:4:5:6:7:8:9",
      "1:2:3:4:5:6:7::8:9",
      ":",
      ":::",
      "64:ff9b::1.2.3.4",
      "2001:db8::g",
      "::ffff:1.2.3.999",
    ]
  ) assert.equal(truncateAddress(text), "", text);
});

Deno.test("nothing of the last bits is left, whatever is given", () => {
  fc.assert(fc.property(fc.ipV4(), (ip) => truncateAddress(ip).endsWith(".0")));
  fc.assert(fc.property(fc.ipV6(), (ip) => /^$|::$|\.0$/.test(truncateAddress(ip))));
  fc.assert(fc.property(fc.string(), (text) => /^$|::$|\.0$/.test(truncateAddress(text))));
});
