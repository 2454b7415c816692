/** What people write to the mailboxes that every domain has (RFC 5321 §4.5.1, RFC 2142). */
import assert from "node:assert/strict";
import { validate } from "@chappe/src/events";
import { LogUnavailableError } from "@chappe/src/log";
import { DOMAIN, fixture, start } from "./test_support.ts";

const ASK =
  "From: Ann <ann@example.net>\r\nSubject: =?utf-8?Q?=C3=89t=C3=A9?=\r\n\r\nWho are you?\r\n";
const FROM = { from: "ann@example.net" };
const TAKEN = "250 2.0.0 taken as ";
const MAILBOXES = ["postmaster", `Postmaster@${DOMAIN}`, `abuse@${DOMAIN}`, `fbl@${DOMAIN}`];

Deno.test("it is passed on by the platform, with the null reverse-path and a trace", async () => {
  await using server = await start({ postmaster: "ops@company.example" });
  using wire = await server.connect();
  for (const to of MAILBOXES) await wire.send(ASK, { ...FROM, to: [to], expect: TAKEN });
  assert.equal(server.appended.length, MAILBOXES.length);
  const accepted = server.appended.map((e) => validate({ ...e, recorded: e.at }))[0]!;
  assert(accepted.type === "message.accepted");
  assert.equal(accepted.account, "platform");
  const { sender, recipients, from, subject, tracking, listUnsubscribe } = accepted.data;
  assert.deepEqual({ sender, recipients, from, subject, tracking, listUnsubscribe }, {
    sender: "",
    recipients: [{ address: "ops@company.example", kind: "to" }],
    from: "ann@example.net",
    subject: "Été",
    tracking: { mode: "off", opens: false, clicks: false },
    listUnsubscribe: "off",
  });
  const body = new TextDecoder().decode(server.bodies[0]);
  assert.match(body, /^Received: from mx\.remote\.example \(\[127\.0\.0\.1\]\)\r\n\tby /);
  assert(body.trimEnd().endsWith(ASK.trimEnd()));
});

Deno.test("without a postmaster it is refused, so that the sender learns of it", async () => {
  await using server = await start();
  using wire = await server.connect();
  for (const to of MAILBOXES) await wire.send(ASK, { ...FROM, to: [to], expect: "550 5.1.1 " });
  assert.deepEqual(server.appended, []);
});

Deno.test("a feedback report of mail that is none of ours is for people to look at, or for nobody", async () => {
  await using silent = await start();
  await using read = await start({ postmaster: "ops@company.example" });
  for (const server of [silent, read]) {
    using wire = await server.connect();
    await wire.send(await fixture("complaint"), { from: "", to: [`fbl@${DOMAIN}`], expect: TAKEN });
  }
  assert.deepEqual(silent.appended, []);
  assert.deepEqual(read.appended.map(({ type }) => type), ["message.accepted"]);
});

Deno.test("what cannot be sent on, runs in circles or is too large is refused", async () => {
  await using server = await start({ postmaster: "ops@company.example", maxSize: 15_000_000 });
  using wire = await server.connect();
  const to = [`abuse@${DOMAIN}`];
  await wire.send("no header at all", { ...FROM, to, expect: "550 5.6.0 " });
  const circles = "Received: from x\r\n".repeat(51);
  await wire.send(circles + ASK, { ...FROM, to, expect: "554 5.4.6 " });
  await wire.send(ASK + "x\r\n".repeat(4_000_000), { ...FROM, to, expect: "552 5.3.4 " });
  assert.deepEqual(server.appended, []);
});

Deno.test("while the log is away the sender is asked to come again", async () => {
  await using server = await start({
    postmaster: "ops@company.example",
    append: () => Promise.reject(new LogUnavailableError("away")),
  });
  using wire = await server.connect();
  await wire.send(ASK, { ...FROM, to: [`abuse@${DOMAIN}`], expect: "451 4.3.0 " });
});
