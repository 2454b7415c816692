import assert from "node:assert/strict";
import { createVerifier, hashPassword, verifyPassword } from "./passwords.ts";

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

Deno.test("the verifier remembers a success for five minutes and no failure", async () => {
  let now = 1_000_000;
  const verifier = createVerifier({ now: () => now });
  const hash = await hashPassword("demo", salt);
  assert.equal(await verifier.verify("wrong", hash), false);
  assert.equal(await verifier.verify("demo", hash), true);
  for (let i = 0; i < 1000; i++) assert.equal(await verifier.verify("demo", hash), true);
  assert.equal(await verifier.verify("wrong", hash), false);
  now += 5 * 60_000 + 1;
  assert.equal(await verifier.verify("demo", hash), true);
});

Deno.test("a new password counts at once, the old one no longer", async () => {
  const verifier = createVerifier({ now: () => 0 });
  const before = await hashPassword("old", salt);
  const after = await hashPassword("new", salt);
  assert.equal(await verifier.verify("old", before), true);
  assert.equal(await verifier.verify("old", after), false);
  assert.equal(await verifier.verify("new", after), true);
});

Deno.test("an unknown login is refused, whatever the password", async () => {
  const verifier = createVerifier({ now: () => 0 });
  for (const password of ["demo", "", "no password hashes to this text!"]) {
    assert.equal(await verifier.verify(password, undefined), false);
  }
});

Deno.test("sessions that begin together share one verification", async () => {
  const verifier = createVerifier({ now: () => 0 });
  const hash = await hashPassword("demo", salt);
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => verifier.verify("demo", hash)),
  );
  assert.ok(answers.every(Boolean));
});
