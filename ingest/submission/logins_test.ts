/** Who guesses passwords is slowed down; who logs in is remembered. */
import assert from "node:assert/strict";
import { start, type TestServer } from "./test_support.ts";

const plain = (login: string, password: string) => `AUTH PLAIN ${btoa(`\0${login}\0${password}`)}`;

async function greeted(server: TestServer) {
  const wire = await server.connect();
  await wire.expect(220);
  await wire.ask("EHLO client.example", 250);
  return wire;
}

Deno.test("a guesser waits, in this session and the next, and other logins do not", async () => {
  await using server = await start();
  using wire = await greeted(server);
  for (let i = 0; i < 4; i++) await wire.ask(plain("demo", `guess ${i}`), 535);
  await wire.ask(plain("demo", "guess"), "421 4.7.0");
  using next = await greeted(server);
  await next.ask(
    plain("demo", "demo"),
    "454 4.7.0 Too many failed logins from your address, try ag",
  );
  await next.ask(plain("nobody", "demo"), 535);
  for (let i = 0; i < 2; i++) await next.ask(plain("demo", "demo"), "454 4.7.0");
  await next.ask(plain("demo", "demo"), "421 4.7.0");
  const refused = server.metrics.snapshot().filter((s) => s.name.endsWith("logins_refused_total"));
  assert.deepEqual(refused.map(({ labels, value }) => [labels.why, value]), [
    ["wrong", 6],
    ["throttled", 4],
  ]);
});

Deno.test("a login that was used is recorded, once an hour", async () => {
  await using server = await start();
  using _first = await server.logIn();
  using _second = await server.logIn();
  assert.equal(server.accesses.length, 1);
  const [{ account, data }] = server.accesses as [typeof server.accesses[number]];
  assert.deepEqual([account, data], [
    "demo",
    { kind: "credential", name: "demo", ip: "127.0.0.1" },
  ]);
});
