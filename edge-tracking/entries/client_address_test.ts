/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { clientAddress } from "./client_address.ts";

Deno.test("without a trusted proxy the connection's address counts, whatever the header says", () => {
  assert.equal(clientAddress([])("198.51.100.7", "203.0.113.1"), "198.51.100.7");
  assert.equal(clientAddress(["10.0.0.0/8"])("198.51.100.7", "203.0.113.1"), "198.51.100.7");
});

Deno.test("a trusted proxy is believed, and only as far as proxies are trusted", () => {
  const of = clientAddress(["10.0.0.0/8", "2001:db8::/32"]);
  assert.equal(of("10.0.0.1", "203.0.113.1"), "203.0.113.1");
  assert.equal(of("10.0.0.1", null), "10.0.0.1");
  assert.equal(of("10.0.0.1", "1.1.1.1, 203.0.113.1, 10.9.9.9"), "203.0.113.1");
  assert.equal(of("::ffff:10.0.0.1", "203.0.113.1"), "203.0.113.1");
  assert.equal(of("2001:db8::1", "2001:470::1"), "2001:470::1");
  assert.equal(of("10.0.0.1", "1.1.1.1, nonsense"), "nonsense");
  assert.equal(of("nonsense", "1.1.1.1"), "nonsense");
});

Deno.test("what is no network is refused by name", () => {
  assert.throws(() => clientAddress(["10.0.0.1"]), /not a network in CIDR form: 10.0.0.1/);
});
