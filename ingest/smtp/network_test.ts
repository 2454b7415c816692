import assert from "node:assert/strict";
import { networkOf } from "./network.ts";

Deno.test("IPv4 addresses stand for themselves, IPv6 ones for their /64", () => {
  assert.equal(networkOf("192.0.2.1"), "192.0.2.1");
  assert.equal(networkOf("::ffff:192.0.2.1"), "192.0.2.1");
  assert.equal(networkOf("2001:db8::1"), networkOf("2001:db8:0:0:ffff::2"));
  assert.notEqual(networkOf("2001:db8::1"), networkOf("2001:db8:0:1::1"));
  assert.equal(networkOf("unknown"), "unknown");
});
