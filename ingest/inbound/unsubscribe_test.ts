/** Mail to the address to unsubscribe at: whose wish counts, and what it leads to. */
import assert from "node:assert/strict";
import { uuidv7, validate } from "@chappe/src/events";
import { accepted } from "../test_station.ts";
import { addressOf, fixture, start } from "./test_support.ts";

const MAIL = accepted(["Ann@Example.net", "bob@orange.fr"], { message: uuidv7(Date.now()) });
const BOB = { account: "demo", message: MAIL.message!, rcpt: 1 };
const ADDRESS = addressOf({ ...BOB, purpose: "unsubscribe" });

interface Written {
  from?: string;
  headers?: readonly string[];
  subject?: string;
  text?: string;
}

/** What the log holds after such a mail. */
async function after({ from = "bob@orange.fr", headers = [], subject = "", text = "" }: Written) {
  await using server = await start({ accepted: [MAIL] });
  using wire = await server.connect();
  const message = [`From: Bob <${from || "bob@orange.fr"}>`, `Subject: ${subject}`, ...headers];
  await wire.send(`${message.join("\r\n")}\r\n\r\n${text}`, {
    from,
    to: [ADDRESS],
    expect: "250 2.0.0 taken as ",
  });
  return server.appended.map((e) => validate({ ...e, recorded: e.at }));
}

Deno.test("a person's mail takes the recipient off the list: first the list, then the fact", async () => {
  const [suppression, fact, ...more] = await after({ subject: "unsubscribe" });
  assert.deepEqual(more, []);
  assert(suppression?.type === "suppression.added" && fact?.type === "feedback.unsubscribed");
  assert.deepEqual(suppression.data, { reason: "unsubscribe", source: "feedback.unsubscribed" });
  assert.equal(suppression.cause, fact.id);
  assert.deepEqual(fact.data, { method: "mail" });
  for (const { account, message, rcpt, recipient } of [suppression, fact]) {
    assert.deepEqual({ account, message, rcpt, recipient }, { ...BOB, recipient: "bob@orange.fr" });
  }
});

const COUNTS: [what: string, mail: Written][] = [
  ["an empty mail", {}],
  ["whatever a person writes", { subject: "Please", text: "I do not want this any more." }],
  ["STOP in an answer", { subject: "Re: STOP" }],
  ["Désabonner", { subject: "=?utf-8?Q?D=C3=A9sabonner?=" }],
  ["Auto-Submitted: no", { headers: ["Auto-Submitted: no"] }],
  ["a gateway's bulk, with the wish as subject", {
    headers: ["Precedence: bulk"],
    subject: "UNSUBSCRIBE",
  }],
  ["a gateway's bulk, with the wish in the first line", {
    headers: ["Precedence: list"],
    text: "\r\n  Stop.\r\n\r\n> On Sunday you wrote",
  }],
];
for (const [what, mail] of COUNTS) {
  Deno.test(`counts: ${what}`, async () => {
    assert.deepEqual((await after(mail)).map(({ type }) => type), [
      "suppression.added",
      "feedback.unsubscribed",
    ]);
  });
}

const COUNTS_NOT: [what: string, mail: Written][] = [
  ["the null reverse-path", { from: "", subject: "unsubscribe" }],
  ["a mailer daemon", { from: "MAILER-DAEMON@orange.fr", subject: "unsubscribe" }],
  ["an auto-reply", { headers: ["Auto-Submitted: auto-replied"], subject: "Re: unsubscribe" }],
  ["a generated mail", { headers: ["Auto-Submitted: auto-generated"] }],
  ["an autoresponder", { headers: ["X-Autoreply: yes"] }],
  ["out of office by its subject", { subject: "Out of office: Your order" }],
  ["absence, in French", { subject: "=?utf-8?Q?R=C3=A9ponse_automatique_:_x?=" }],
  ["a list's mail", { headers: ["List-Id: <news.example.com>"], text: "how to unsubscribe: stop" }],
  ["bulk mail that mentions it", { headers: ["Precedence: bulk"], text: "To stop, click here" }],
];
for (const [what, mail] of COUNTS_NOT) {
  Deno.test(`does not count: ${what}`, async () => assert.deepEqual(await after(mail), []));
}

Deno.test("reports to the address to unsubscribe at, and wishes to the return path, are nothing", async () => {
  await using server = await start({ accepted: [MAIL] });
  using wire = await server.connect();
  const options = { from: "bob@orange.fr", expect: "250 2.0.0 taken as " };
  for (const name of ["complaint", "postfix-unknown-user"]) {
    await wire.send(await fixture(name), { ...options, to: [ADDRESS] });
  }
  const back = addressOf({ ...BOB, purpose: "bounce" });
  await wire.send("From: bob@orange.fr\r\nSubject: STOP\r\n\r\nSTOP", { ...options, to: [back] });
  assert.deepEqual(server.appended, []);
});

Deno.test("asked twice, and by the edge as well, it is one fact", async () => {
  const [, first] = await after({ subject: "STOP" });
  const [, second] = await after({ subject: "STOP again" });
  assert.equal(first!.id, second!.id);
});
