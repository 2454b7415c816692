import assert from "node:assert/strict";
import { LogFullError, LogUnavailableError } from "@chappe/src/log";
import { createLogger } from "@chappe/src/runtime";
import { accepted, start } from "./test_support.ts";

const MESSAGE = "From: news@example.com\r\nSubject: Hello\r\n\r\nBody";

for (
  const [what, error] of [
    ["away", new LogUnavailableError("no connection")],
    ["full", new LogFullError("maximum bytes exceeded")],
    ["broken", new Error("a bug of ours")],
  ] as const
) {
  Deno.test(`with the log ${what} nothing is accepted, and the client is told to try again`, async () => {
    const lines: string[] = [];
    let away = true;
    const answer = () => away ? Promise.reject(error) : Promise.resolve([]);
    await using server = await start({
      append: answer,
      logger: createLogger((line) => lines.push(line), Date.now),
    });
    using wire = await server.logIn();
    const told = await wire.send(MESSAGE, { expect: "451 4.3.0" });
    assert.match(told, /Nothing was accepted.*try again later/);
    away = false;
    await wire.send(MESSAGE);
    assert.ok(lines.some((line) => line.includes(error.message)));
  });
}

Deno.test("with the body store away nothing is accepted either", async () => {
  await using server = await start({ put: () => Promise.reject(new LogUnavailableError("away")) });
  using wire = await server.logIn();
  await wire.send(MESSAGE, { expect: "451 4.3.0" });
  assert.equal(server.appended.length, 0);
});

Deno.test("a log that never answers is a 451 within 10 s, never a 250", async () => {
  await using server = await start({ append: () => new Promise(() => {}) });
  using wire = await server.logIn();
  const asked = Date.now();
  await wire.send(MESSAGE, { expect: "451 4.3.0" });
  assert.ok(Date.now() - asked < 10_000);
});

Deno.test("a log that is away is one line in the log, not one a message", async () => {
  const lines: string[] = [];
  let away = true;
  await using server = await start({
    append: () => away ? Promise.reject(new LogUnavailableError("away")) : Promise.resolve([]),
    logger: createLogger((line) => lines.push(line), Date.now),
  });
  using wire = await server.logIn();
  for (let i = 0; i < 5; i++) await wire.send(MESSAGE, { expect: "451 4.3.0" });
  away = false;
  for (let i = 0; i < 5; i++) await wire.send(MESSAGE);
  const events = lines.map((line) => JSON.parse(line).event);
  assert.deepEqual(events, [
    "submission-listening",
    "access-not-recorded",
    "submission-cannot-store",
    "submission-stores-again",
  ]);
});

Deno.test("a refusal is answered even when it cannot be recorded", async () => {
  await using server = await start({
    append: () => Promise.reject(new LogUnavailableError("away")),
  });
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<boss@other.example>", "550 5.7.1");
});

Deno.test("a port that is taken is an error that says so", async () => {
  await using server = await start();
  await assert.rejects(
    start({ listener: server.address }),
    (error: Error & { code?: string }) => error.code === "EADDRINUSE",
  );
});

Deno.test("a trusted network that cannot be read is named", async () => {
  await assert.rejects(
    start({ trusted: [{ cidr: "10.0.0.0/33", account: "demo" }] }),
    /10\.0\.0\.0\/33/,
  );
});

Deno.test("closing lets a message under way finish and tells idle clients to go", async () => {
  const storing = Promise.withResolvers<void>();
  const stored = Promise.withResolvers<string>();
  const server = await start({
    put: () => {
      storing.resolve();
      return stored.promise;
    },
  });
  using idle = await server.logIn();
  using busy = await server.logIn();
  const reply = busy.send(MESSAGE);
  await storing.promise;
  const closed = server.close(5_000);
  await idle.expect("421 4.3.2");
  await assert.rejects(server.connect());
  stored.resolve("body");
  await reply;
  await busy.expect("421 4.3.2");
  idle.close();
  busy.close();
  await closed;
  assert.equal(accepted(server).length, 1);
});

Deno.test("closing waits no longer than it was told for a client that does not finish", async () => {
  const server = await start();
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<someone@example.net>", 250);
  await wire.ask("DATA", 354);
  await wire.write("From: news@example.com\r\n");
  const closed = server.close(100);
  await wire.expect("421 4.3.2");
  wire.close();
  await closed;
  assert.equal(server.appended.length, 0);
});
