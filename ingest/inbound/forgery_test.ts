/** Reports that nobody but a forger writes, or that come from nobody who can know: they change nothing. */
import assert from "node:assert/strict";
import { uuidv7 } from "@chappe/src/events";
import { mintToken } from "@chappe/src/rules";
import { accepted } from "../test_station.ts";
import { addressOf, DOMAIN, fixture, KEY, start, type TestInbound } from "./test_support.ts";

const MAIL = accepted(["ann@example.net", "bob@example.org"], { message: uuidv7(Date.now()) });
const ANN = { account: "demo", message: MAIL.message!, rcpt: 0 };
const PATH = addressOf({ ...ANN, purpose: "bounce" });
const STOP = addressOf({ ...ANN, purpose: "unsubscribe" });
const STRANGE_KEY = { kid: 1, secret: new Uint8Array(32).fill(6) };
const LOOP = `fbl@${DOMAIN}`;

const utf8 = new TextEncoder();

/** A feedback report whose fields, and the header of the mail it is about, are as given. */
function feedback(fields: readonly string[], header: readonly string[] = []): Uint8Array {
  return utf8.encode([
    "From: feedback@bigmail.example",
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=feedback-report; boundary="arf"',
    "",
    "--arf",
    "Content-Type: text/plain",
    "",
    "Reported as spam.",
    "--arf",
    "Content-Type: message/feedback-report",
    "",
    "Feedback-Type: abuse",
    "User-Agent: BigMail/1",
    "Version: 1",
    ...fields,
    "",
    "--arf",
    "Content-Type: message/rfc822",
    "",
    ...header,
    "Subject: Hello",
    "",
    `${PATH} stands in the body too`,
    "--arf--",
  ].join("\r\n"));
}

const token = (kind: "unsubscribe" | "open", key = KEY) =>
  mintToken({ ...ANN, tag: 1n, mode: "full", prepared: 0, mailing: null, kind }, key);

async function sent(
  server: TestInbound,
  raw: Uint8Array | string,
  to: string,
  { from = "", expect = "250 2.0.0 taken as " } = {},
): Promise<void> {
  using wire = await server.connect();
  await wire.send(raw, { from, to: [to], expect });
}

/** The last character before the `@` made another one. */
const changed = (address: string) =>
  address.replace(/(.)@/, (_, last: string) => `${last === "a" ? "b" : "a"}@`);

const AT_THE_LOOP: [what: string, fields: string[], header?: string[]][] = [
  ["names nothing of ours", ["Original-Mail-From: <news@shop.example>"]],
  ["a return path changed by a letter", [`Original-Mail-From: <${changed(PATH)}>`]],
  ["a return path signed by another installation", [
    `Original-Mail-From: <${addressOf({ ...ANN, purpose: "bounce" }, STRANGE_KEY)}>`,
  ]],
  ["an account that does not exist", [
    `Original-Mail-From: <${addressOf({ ...ANN, account: "x", purpose: "bounce" })}>`,
  ]],
  ["our local part at somebody else's domain", [
    `Original-Mail-From: <${PATH.replace(DOMAIN, "elsewhere.example")}>`,
  ]],
  ["a token changed by a letter", [], [
    `List-Unsubscribe: <https://t.example/u/${token("unsubscribe").slice(0, -2)}AA>`,
  ]],
  ["a token signed by another installation", [], [
    `List-Unsubscribe: <https://t.example/u/${token("unsubscribe", STRANGE_KEY)}>`,
  ]],
  ["a token for another purpose", [], [
    `List-Unsubscribe: <https://t.example/u/${token("open")}>`,
  ]],
  ["a return path in fields that anybody fills", [`Original-Rcpt-To: <${PATH}>`], [
    `To: <${PATH}>`,
    `Subject: ${PATH}`,
  ]],
  ["a return path behind twenty others", [
    `X-All: ${Array.from({ length: 20 }, () => changed(PATH)).join(" ")} ${PATH}`,
  ]],
];
for (const [what, fields, header] of AT_THE_LOOP) {
  Deno.test(`a feedback report: ${what}`, async () => {
    await using server = await start({ accepted: [MAIL] });
    await sent(server, feedback(fields, header), LOOP);
    assert.deepEqual(server.appended, []);
  });
}

const TRUE: [what: string, fields: string[], header?: string[]][] = [
  ["the return path as MAIL FROM", [`Original-Mail-From: <${PATH}>`]],
  ["the return path in capitals", [`Original-Mail-From: ${PATH.toUpperCase()}`]],
  ["the Return-Path of the message", [], [`Return-Path: <${PATH}>`]],
  ["the mailto of List-Unsubscribe", [], [`List-Unsubscribe: <mailto:${STOP}?subject=stop>`]],
  ["the link of List-Unsubscribe", [], [
    `List-Unsubscribe: <https://t.example/u/${token("unsubscribe")}>`,
  ]],
  ["a field of the loop's own", [`X-Original-Sender: ${PATH}`]],
];
for (const [what, fields, header] of TRUE) {
  Deno.test(`a true feedback report is known by ${what}`, async () => {
    await using server = await start({ accepted: [MAIL] });
    await sent(server, feedback(fields, header), LOOP);
    assert.deepEqual(server.appended.map((e) => [e.type, e.rcpt, e.recipient]), [
      ["suppression.added", 0, "ann@example.net"],
      ["feedback.complained", 0, "ann@example.net"],
    ]);
  });
}

Deno.test("a report speaks for the copy it was sent to, whatever copies it names", async () => {
  await using server = await start({ accepted: [MAIL] });
  const bob = addressOf({ ...ANN, rcpt: 1, purpose: "bounce" });
  await sent(server, feedback([`Original-Mail-From: <${PATH}>`]), bob);
  assert(server.appended.every(({ rcpt }) => rcpt === 1));
});

Deno.test("a notification of failure to a mailbox of ours is none, whatever path it names", async () => {
  await using server = await start({ accepted: [MAIL] });
  const raw = new TextDecoder().decode(await fixture("postfix-unknown-user"))
    .replaceAll("bounce@bounces.example", PATH);
  for (const local of ["fbl", "abuse", "postmaster"]) {
    await sent(server, raw, `${local}@${DOMAIN}`, { expect: "550 5.1.1 " });
  }
  assert.deepEqual(server.appended, []);
});

Deno.test("one report sent a thousand times is one fact", async () => {
  await using server = await start({ accepted: [MAIL] });
  const raw = feedback([]);
  using wire = await server.connect();
  for (let i = 0; i < 1000; i++) {
    await wire.send(raw, { from: "", to: [PATH], expect: "250 2.0.0 taken as " });
  }
  assert.equal(server.appended.length, 2);
});

Deno.test("paths of accounts count at their own verified domains only", async () => {
  await using server = await start({
    accepted: [MAIL],
    accountDomains: {
      demo: { "shop.example": true, "new.example": false },
      other: { "other.example": true },
    },
  });
  using wire = await server.connect();
  await wire.ask("MAIL FROM:<>", 250);
  const at = (domain: string) => `RCPT TO:<${PATH.replace(DOMAIN, domain)}>`;
  await wire.ask(at("chappe.other.example"), 550);
  await wire.ask(at("chappe.new.example"), 550);
  await wire.ask(at("shop.example"), 550);
  await wire.ask("RCPT TO:<postmaster@chappe.new.example>", 550);
  await wire.ask("RCPT TO:<postmaster@chappe.shop.example>", 250);
  await wire.ask(at("CHAPPE.Shop.example"), 250);
});

Deno.test("a complaint that brings the whole mail along costs no more memory than a small one", async () => {
  const MB = 1024 * 1024;
  // Far less than the messages together: were they kept, all but the first few would be refused.
  await using server = await start({
    accepted: [MAIL],
    maxSize: 20 * MB,
    maxBytesHeld: 2 * MB,
  });
  const report = feedback([]);
  const end = utf8.encode("\r\n--arf--");
  const whole = new Uint8Array(12 * MB).fill(65);
  for (let i = 76; i < whole.length; i += 78) whole.set([13, 10], i);
  whole.set(report.subarray(0, -end.length));
  whole.set(end, whole.length - end.length);
  await Promise.all([1, 2, 3].map(async (rcpt) => {
    await sent(server, whole, addressOf({ ...ANN, rcpt, purpose: "bounce" }));
  }));
  assert.deepEqual(
    server.appended.filter(({ type }) => type === "feedback.complained").map(({ rcpt }) => rcpt)
      .sort(),
    [1, 2, 3],
  );
  await sent(server, new Uint8Array(21 * MB).fill(65), PATH, { expect: "552 5.3.4 " });
});
