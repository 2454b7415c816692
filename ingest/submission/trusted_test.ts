import assert from "node:assert/strict";
import { trustedAccounts } from "./trusted.ts";

Deno.test("the longest prefix names the account", () => {
  const accountOf = trustedAccounts([
    { cidr: "10.0.0.0/8", account: "wide" },
    { cidr: "10.1.0.0/16", account: "narrow" },
    { cidr: "10.1.2.3", account: "host" },
    { cidr: "2001:db8::/32", account: "six" },
  ]);
  assert.equal(accountOf("10.9.9.9"), "wide");
  assert.equal(accountOf("10.1.9.9"), "narrow");
  assert.equal(accountOf("10.1.2.3"), "host");
  assert.equal(accountOf("::ffff:10.1.2.3"), "host");
  assert.equal(accountOf("2001:db8:1::1"), "six");
  assert.equal(accountOf("192.0.2.1"), null);
  assert.equal(accountOf("2001:db9::1"), null);
});

Deno.test("without trusted networks nobody is trusted", () => {
  assert.equal(trustedAccounts([])("127.0.0.1"), null);
});

Deno.test("a network that cannot be read is named", () => {
  for (const cidr of ["", "10.0.0.0/33", "example.com", "10.0.0/8/9"]) {
    assert.throws(() => trustedAccounts([{ cidr, account: "a" }]), {
      name: "TypeError",
      message: `trusted network ${cidr}: not an address or CIDR range`,
    });
  }
});
