import assert from "node:assert/strict";
import { hashPassword, verifyPassword } from "./passwords.ts";

const salt = new Uint8Array(16).fill(7);

Deno.test("a password verifies against its own hash only", async () => {
  const hash = await hashPassword("correct horse", salt);
  assert.match(hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await verifyPassword("correct horse", hash), true);
  assert.equal(await verifyPassword("correct horsf", hash), false);
  assert.equal(await verifyPassword("", hash), false);
});

Deno.test("a malformed hash matches nothing", async () => {
  for (const hash of ["", "demo", "$argon2id$v=19$", "$2b$12$abcdefghijklmnopqrstuv"]) {
    assert.equal(await verifyPassword("demo", hash), false);
  }
});
