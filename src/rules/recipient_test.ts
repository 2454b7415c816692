import assert from "node:assert/strict";
import { formatTag, recipientKey, recipientTag } from "./recipient.ts";

const SECRET = new Uint8Array(32).fill(7);

Deno.test("a recipient is the same in every spelling of the address", () => {
  const one = ["Anne@Bücher.Example", "anne@xn--bcher-kva.example", "ANNE@XN--BCHER-KVA.EXAMPLE"];
  assert.deepEqual(new Set(one.map(recipientKey)), new Set(["anne@xn--bcher-kva.example"]));
  assert.equal(recipientKey('"A B"@b.example'), '"a b"@b.example');
  assert.equal(recipientKey("x@[192.0.2.1]"), "x@[192.0.2.1]");
  const tags = one.map((address) => recipientTag(SECRET, "acme", address));
  assert.equal(new Set(tags).size, 1);
});

Deno.test("a tag depends on account, address and secret, and has 16 digits", () => {
  const tag = recipientTag(SECRET, "acme", "a@b.example");
  assert.notEqual(tag, recipientTag(SECRET, "other", "a@b.example"));
  assert.notEqual(tag, recipientTag(SECRET, "acme", "b@b.example"));
  assert.notEqual(tag, recipientTag(new Uint8Array(32), "acme", "a@b.example"));
  assert.match(formatTag(tag), /^[0-9a-f]{16}$/);
  assert.equal(formatTag(0x1fn), "000000000000001f");
});
