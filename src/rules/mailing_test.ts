import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mailingTag } from "./mod.ts";

Deno.test("a mailing's tag is the beginning of a hash, another one for each account and label", () => {
  const hash = createHash("sha256").update('["demo","spring"]').digest();
  assert.equal(mailingTag("demo", "spring"), hash.readUIntBE(0, 6));
  const tags = [["a", "b"], ["a", "c"], ["b", "b"], ["a,", "b"], ["a", ",b"]] as const;
  assert.equal(new Set(tags.map(([account, label]) => mailingTag(account, label))).size, 5);
});
