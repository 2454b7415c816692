import assert from "node:assert/strict";
import { hashPassword } from "./passwords.ts";
import { VerifierBusyError } from "./password_thread.ts";
import { createVerifier } from "./verifier.ts";

const salt = new Uint8Array(16).fill(7);

/** A verifier that closes at the end of its block. */
function verifierAt(options: { now: () => number }) {
  const verifier = createVerifier(options);
  return { ...verifier, [Symbol.dispose]: () => verifier.close() };
}

Deno.test("the verifier remembers a success for five minutes and no failure", async () => {
  let now = 1_000_000;
  using verifier = verifierAt({ now: () => now });
  const hash = await hashPassword("demo", salt);
  assert.equal(await verifier.verify("wrong", hash), false);
  assert.equal(await verifier.verify("demo", hash), true);
  for (let i = 0; i < 1000; i++) assert.equal(await verifier.verify("demo", hash), true);
  assert.equal(await verifier.verify("wrong", hash), false);
  now += 5 * 60_000 + 1;
  assert.equal(await verifier.verify("demo", hash), true);
});

Deno.test("a new password counts at once, the old one no longer", async () => {
  using verifier = verifierAt({ now: () => 0 });
  const before = await hashPassword("old", salt);
  const after = await hashPassword("new", salt);
  assert.equal(await verifier.verify("old", before), true);
  assert.equal(await verifier.verify("old", after), false);
  assert.equal(await verifier.verify("new", after), true);
});

Deno.test("an unknown login is refused, whatever the password", async () => {
  using verifier = verifierAt({ now: () => 0 });
  for (const password of ["demo", "", "no password hashes to this text!"]) {
    assert.equal(await verifier.verify(password, undefined), false);
  }
});

Deno.test("sessions that begin together share one verification", async () => {
  using verifier = verifierAt({ now: () => 0 });
  const hash = await hashPassword("demo", salt);
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => verifier.verify("demo", hash)),
  );
  assert.ok(answers.every(Boolean));
});

Deno.test("the main thread goes on while passwords are checked", async () => {
  using verifier = verifierAt({ now: () => 0 });
  const hash = await hashPassword("demo", salt);
  let answered = false;
  const answer = verifier.verify("guess", hash).then((a) => (answered = true, a));
  let turns = 0;
  while (!answered) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns++;
  }
  assert.equal(await answer, false);
  assert(turns > 1, `${turns} turns of the event loop`);
});

Deno.test("beyond 200 that wait, a password is refused in words, and later ones are taken again", async () => {
  using verifier = verifierAt({ now: () => 0 });
  // No argon2 string: checked at once, so the queue is long and soon empty.
  const checks = Array.from({ length: 250 }, (_, i) => verifier.verify(`guess ${i}`, "no hash"));
  const answers = await Promise.allSettled(checks);
  const refused = answers.filter((a) => a.status === "rejected");
  assert.equal(refused.length, 49);
  assert(refused.every((a) => a.reason instanceof VerifierBusyError));
  assert.equal(await verifier.verify("guess 249", "no hash"), false);
});

Deno.test("a closed verifier leaves nobody waiting", async () => {
  const verifier = createVerifier({ now: () => 0 });
  const waits = ["one", "two"].map((password) => verifier.verify(password, undefined));
  verifier.close();
  for (const wait of waits) await assert.rejects(wait, /closed/);
  await assert.rejects(verifier.verify("three", undefined), /closed/);
});
