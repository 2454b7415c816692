import assert from "node:assert/strict";
import { NO_LIMITS } from "@chappe/src/settings";
import { startTestStation } from "../test_station.ts";
import type { Submitted } from "./intake.ts";
import { handover, logged, nodeOn, RAW } from "./test_intake.ts";
import { demoSettings } from "./test_support.ts";

const KB = 1024;

function refusedAs(outcome: { kind: string }, said: string) {
  const { kind, reply, retryAt } = outcome as Submitted & { kind: "refused" };
  assert.equal(kind, "refused", JSON.stringify(outcome));
  assert.match(`${reply.code} ${reply.enhanced} ${reply.text}`, new RegExp(`^${said}`));
  return retryAt;
}

Deno.test("a message is stored and accepted as one by SMTP is", async () => {
  await using test = await startTestStation();
  const intake = nodeOn(test.station);
  const options = 'X-EFIDEM-HEADERS: {"billingCode": "B7", "privacy": "date-only"}\r\n';
  const outcome = await intake.submit(handover({ raw: options + RAW }));
  assert.equal(outcome.kind, "accepted");
  const [accepted, ...more] = await logged(test.station, "message.accepted");
  assert.equal(more.length, 0);
  const { message, data, account } = accepted!;
  const recipients = data.recipients.map(({ address, kind }) => ({ address, kind }));
  assert.deepEqual(outcome, { kind: "accepted", id: message, recipients });
  assert.equal(account, "demo");
  assert.deepEqual(data.recipients, [
    { address: "a@example.net", kind: "to", name: "A" },
    { address: "b@example.net", kind: "cc" },
    { address: "c@example.net", kind: "bcc" },
  ]);
  assert.equal(data.from, "shop@example.com");
  assert.equal(data.messageId, `${message}@relay.example.com`);
  assert.equal(data.references.billingCode, "B7");
  assert.equal(data.tracking.mode, "date-only");
  assert.deepEqual(data.client, {
    ip: "192.0.2.1",
    ehlo: "",
    tls: null,
    login: "api-key:k1",
  });
  const stored = await test.station.bodies.get(data.body);
  assert.equal(new TextDecoder().decode(stored), options + RAW);
  await intake.close();
});

Deno.test("what SMTP refuses is refused, and recorded", async () => {
  await using test = await startTestStation();
  const limits = { ...NO_LIMITS, recipientsPerMessage: 3, messageBytes: 10 * KB };
  const intake = nodeOn(test.station, { settings: { now: demoSettings({ limits }) } });
  const submit = (changes: Parameters<typeof handover>[0]) => intake.submit(handover(changes));
  const raw = RAW.replace("shop@example.com", "ceo@victim.example");
  refusedAs(await submit({ raw }), "550 5.7.1 ceo@victim.example is not a sender");
  refusedAs(await submit({ sender: "ceo@victim.example" }), "550 5.7.1");
  refusedAs(await submit({ account: "nobody" }), "550 5.7.1");
  refusedAs(await submit({ recipients: [{ address: "no address" }] }), "553 5.1.3");
  refusedAs(await submit({ raw: "Subject: x\r\n\r\n" }), "550 5.6.0");
  refusedAs(await submit({ raw: `X-EFIDEM-HEADERS: {"x": 1}\r\n${RAW}` }), "550 5.6.0 X-EFIDEM");
  refusedAs(await submit({ raw: RAW + "x".repeat(10 * KB) }), "552 5.3.4");
  const recipients = ["a", "b", "c", "d"].map((name) => ({ address: `${name}@b.example` }));
  refusedAs(await submit({ recipients }), "452 4.5.3");
  await intake.close();
  const rejected = await logged(test.station, "message.rejected");
  const reasons = rejected.map(({ data }) => data.reason).sort().join(" ");
  assert.equal(reasons, "content content sender sender sender size syntax");
  assert.equal(rejected[0]!.data.client.login, "api-key:k1");
  assert.equal((await logged(test.station, "message.accepted")).length, 0);
});

Deno.test("a limit reached is refused until it ends", async () => {
  await using test = await startTestStation();
  const now = () => Date.UTC(2026, 10, 22, 9, 30);
  const settings = { now: demoSettings({ limits: { ...NO_LIMITS, messagesPerHour: 1 } }) };
  const intake = nodeOn(test.station, { settings, now });
  assert.equal((await intake.submit(handover())).kind, "accepted");
  const retryAt = refusedAs(await intake.submit(handover()), "451 4.7.1 Hourly limit of 1");
  assert.equal(retryAt, Date.UTC(2026, 10, 22, 10));
  await intake.close();
});

Deno.test("an address outside ASCII asks for SMTPUTF8 on its way", async () => {
  await using test = await startTestStation();
  const intake = nodeOn(test.station);
  await intake.submit(handover({ recipients: [{ address: "josé@exämple.net" }] }));
  const [accepted] = await logged(test.station, "message.accepted");
  const { data } = accepted!;
  assert.equal(data.smtputf8, true);
  assert.equal(data.recipients[0]!.address, "josé@xn--exmple-cua.net");
  await intake.close();
});

Deno.test("the log away is told, nothing is accepted", async () => {
  await using test = await startTestStation();
  const intake = nodeOn(test.station, { append: () => Promise.reject(new Error("away")) });
  refusedAs(await intake.submit(handover()), "451 4.3.0");
  assert.equal((await logged(test.station, "message.accepted")).length, 0);
  await intake.close();
});

Deno.test("requests are held within the limits of size and memory", async () => {
  await using test = await startTestStation();
  const intake = nodeOn(test.station, { maxSize: 90 * KB, maxBytesHeld: 1000 * KB });
  const body = (kb: number) => new Blob(Array(kb).fill(new Uint8Array(KB))).stream();
  const sizeOf = (bytes: Uint8Array) => Promise.resolve(bytes.length);
  // Four thirds of a message, for base64, and room for what stands around it.
  assert.equal(await intake.receive(body(184), sizeOf), 184 * KB);
  refusedAs(await intake.receive(body(185), sizeOf) as Submitted, "552 5.3.4");

  const busy = Promise.withResolvers<number>();
  const begun = Promise.withResolvers<void>();
  const first = intake.receive(body(150), () => {
    begun.resolve();
    return busy.promise;
  });
  await begun.promise;
  refusedAs(await intake.receive(body(150), sizeOf) as Submitted, "452 4.3.1");
  busy.resolve(1);
  assert.equal(await first, 1);
  assert.equal(await intake.receive(body(150), sizeOf), 150 * KB);
  await assert.rejects(
    intake.receive(body(150), () => Promise.reject(new Error("x"))),
    /^Error: x/,
  );
  assert.equal(await intake.receive(body(150), sizeOf), 150 * KB);

  const endless = new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(64 * KB)) });
  refusedAs(await intake.receive(endless, sizeOf) as Submitted, "552 5.3.4");
  const broken = new ReadableStream({
    pull(c) {
      c.enqueue(new Uint8Array(10));
      c.error(new Error("reset"));
    },
  });
  assert.deepEqual(await intake.receive(broken, sizeOf), { kind: "broken-off" });
  await intake.close();
});

Deno.test("what is told of recipients is kept with them, as far as one event holds", async () => {
  await using test = await startTestStation();
  const intake = nodeOn(test.station);
  const fields = { Ville: "Lyon" };
  const recipients = [
    { address: "a@example.net", fields },
    { address: "a@EXAMPLE.net", fields: { Ville: "the same, so not this" } },
    { address: "c@example.net", name: "Carl", fields },
  ];
  assert.equal((await intake.submit(handover({ recipients }))).kind, "accepted");
  const [accepted] = await logged(test.station, "message.accepted");
  assert.deepEqual(accepted!.data.recipients, [
    { address: "a@example.net", kind: "to", name: "A", fields },
    { address: "c@example.net", kind: "bcc", name: "Carl", fields },
  ]);

  const long = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}`, "x".repeat(255)]));
  const many = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ address: `r${n}@example.net`, fields: long }));
  refusedAs(await intake.submit(handover({ recipients: many(60) })), "550 5.6.0");
  assert.equal((await intake.submit(handover({ recipients: many(50) }))).kind, "accepted");
  await intake.close();
});
