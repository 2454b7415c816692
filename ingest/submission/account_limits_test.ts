/** What an account's own limits refuse, and how. */
import assert from "node:assert/strict";
import { type Account, NO_LIMITS } from "@chappe/src/settings";
import {
  accepted,
  type Changes,
  demoSettings,
  rejected,
  start,
  type TestServer,
} from "./test_support.ts";

const MESSAGE = "From: news@example.com\r\nSubject: Hello\r\n\r\nBody";

async function startLimited(
  limits: Partial<Account["limits"]>,
  changes: Changes = {},
): Promise<TestServer> {
  const now = demoSettings({ limits: { ...NO_LIMITS, ...limits } });
  return await start({ ...changes, settings: { now } });
}

Deno.test("more recipients than the account may name are put off, the others get the message", async () => {
  await using server = await startLimited({ recipientsPerMessage: 2 });
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com>", 250);
  await wire.ask("RCPT TO:<a@example.net>", 250);
  await wire.ask("RCPT TO:<b@example.net>", 250);
  await wire.ask("RCPT TO:<c@example.net>", "452 4.5.3 Too many recipients: at most 2");
  await wire.ask("DATA", 354);
  await wire.write(`${MESSAGE}\r\n.\r\n`);
  await wire.expect(250);
  assert.equal(accepted(server)[0]!.data.recipients.length, 2);
});

Deno.test("a message larger than the account's is refused, announced or not", async () => {
  await using server = await startLimited({ messageBytes: 10_000 });
  using wire = await server.logIn();
  await wire.ask("MAIL FROM:<news@example.com> SIZE=10001", "552 5.3.4");
  assert.equal(rejected(server)[0]!.data.reason, "size");
  await wire.send(`${MESSAGE}${"x".repeat(10_000)}`, { expect: "552 5.3.4" });
  assert.equal(server.stored.length, 0);
  await wire.ask("MAIL FROM:<news@example.com> SIZE=10000", 250);
  await wire.ask("RSET", 250);
  await wire.send(MESSAGE);
});

Deno.test("messages beyond those of the hour are put off until the next", async () => {
  const clock = { at: Date.UTC(2026, 10, 22, 9, 59, 30) };
  await using server = await startLimited({ messagesPerHour: 2 }, {
    now: () => clock.at,
    patience: { idle: 60_000, message: 1e9, stranger: 1e9, line: 1e9, window: 1e9 },
  });
  using wire = await server.logIn();
  const refusal = "451 4.7.1 Hourly limit of 2 messages reached, next at 2026-11-22T10:00:00.000Z";
  await wire.send(MESSAGE);
  // What is refused for what it says does not count.
  await wire.send("From: a@victim.example\r\n\r\nBody", { expect: "550" });
  await wire.send(MESSAGE);
  await wire.send(MESSAGE, { expect: refusal });
  await wire.ask("MAIL FROM:<news@example.com>", refusal);
  assert.equal(rejected(server).length, 1, "what is put off is not rejected");
  clock.at += 30_000;
  await wire.send(MESSAGE);
  assert.deepEqual(accepted(server).map(({ at }) => new Date(at).getUTCHours()), [9, 9, 10]);
});

Deno.test("with the counters away a limited account is put off, not let through", async () => {
  await using server = await startLimited({ messagesPerDay: 10 }, {
    counters: { add: () => Promise.reject(new Error("away")) },
  });
  using wire = await server.logIn();
  await wire.send(MESSAGE, { expect: "451 4.3.0" });
  assert.equal(server.stored.length, 0);
});
