import assert from "node:assert/strict";
import { createGuesses } from "./guesses.ts";

function setUp() {
  const clock = { at: 1_000_000 };
  const guesses = createGuesses({ now: () => clock.at });
  const checked: string[] = [];
  const attempt = (login: string, ip: string, password: string) =>
    guesses.guarded(login, ip, () => {
      checked.push(password);
      return Promise.resolve(password === "right");
    });
  return { clock, attempt, checked };
}

Deno.test("after five wrong passwords a login waits, from that address, and unchecked", async () => {
  const { clock, attempt, checked } = setUp();
  for (let i = 0; i < 5; i++) assert.equal(await attempt("ann", "192.0.2.1", "wrong"), false);
  await assert.rejects(attempt("ann", "192.0.2.1", "right"), /454 |try again in 1 seconds/);
  assert.equal(checked.length, 5);
  clock.at += 1000;
  assert.equal(await attempt("ann", "192.0.2.1", "wrong"), false);
  await assert.rejects(attempt("ann", "192.0.2.1", "right"), /try again in 2 seconds/);
  assert.equal(await attempt("ann", "192.0.2.2", "right"), true, "the owner, from elsewhere");
  assert.equal(await attempt("bob", "192.0.2.1", "right"), true, "another login");
});

Deno.test("guesses sent at once are judged one after the other", async () => {
  const { attempt, checked } = setUp();
  const all = Array.from({ length: 50 }, (_, i) => attempt("ann", "192.0.2.1", `guess ${i}`));
  const outcomes = await Promise.allSettled(all);
  assert.equal(checked.length, 5);
  assert.equal(outcomes.filter(({ status }) => status === "rejected").length, 45);
});

Deno.test("a client that opens many sessions at once with the right password is not held up", async () => {
  const { attempt } = setUp();
  const all = Array.from({ length: 50 }, () => attempt("ann", "192.0.2.1", "right"));
  assert.ok((await Promise.all(all)).every(Boolean));
});

Deno.test("a check that fails on its own does not block the next", async () => {
  const guesses = createGuesses({ now: () => 0 });
  await assert.rejects(
    guesses.guarded("ann", "192.0.2.1", () => Promise.reject(new Error("busy"))),
  );
  assert.ok(await guesses.guarded("ann", "192.0.2.1", () => Promise.resolve(true)));
});

Deno.test("an address that tries many logins waits for all of them, but for those it had right", async () => {
  const { attempt } = setUp();
  assert.ok(await attempt("neighbour", "192.0.2.1", "right"));
  for (let i = 0; i < 100; i++) await attempt(`login ${i}`, "192.0.2.1", "wrong");
  await assert.rejects(attempt("ann", "192.0.2.1", "right"), /try again in/);
  assert.ok(await attempt("neighbour", "192.0.2.1", "right"));
  assert.ok(await attempt("ann", "192.0.2.2", "right"));
});

Deno.test("addresses of one IPv6 network are one client", async () => {
  const { attempt } = setUp();
  for (let i = 0; i < 5; i++) await attempt("ann", `2001:db8::${i}`, "wrong");
  await assert.rejects(attempt("ann", "2001:db8::ffff", "right"), /try again in/);
});
