import assert from "node:assert/strict";
import { derivedId, type Event } from "@chappe/src/events";
import { readStatusKey } from "@chappe/src/rules";
import { traffic } from "../testing/traffic.ts";
import { ATTEMPT_COLUMNS } from "./attempt.ts";
import { COLUMNS, linesOf } from "./fact.ts";
import { HIT_COLUMNS } from "./hit.ts";
import { HitWindow } from "./hit_window.ts";

const PLACE = { seq: 12, idx: 3, batch: 10, recorded: 1_764_000_000_007 };
const EVENTS = traffic(5, 100, Date.UTC(2026, 10, 22));

function rowsOf(event: Event): Record<string, string>[] {
  return linesOf(event, PLACE, new HitWindow()).map((line) => {
    assert(line.endsWith("\n"));
    const values = line.slice(0, -1).split("\t");
    assert.equal(values.length, COLUMNS.length);
    return Object.fromEntries(values.map((value, i) => [COLUMNS[i]!, value]));
  });
}
const among = (row: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, row[name]]));
const first = <T extends Event["type"]>(type: T) =>
  EVENTS.find((e) => e.type === type) as Extract<Event, { type: T }>;

Deno.test("an accepted message is a row for each recipient, without the others' addresses", () => {
  const event = EVENTS.find((e) =>
    e.type === "message.accepted" && e.data.recipients.length === 3
  )!;
  assert(event.type === "message.accepted");
  const rows = rowsOf(event);
  assert.deepEqual(
    rows.map(({ rcpt, recipient, kind }) => ({ rcpt: Number(rcpt), address: recipient, kind })),
    event.data.recipients.map(({ address, kind }, rcpt) => ({ rcpt, address, kind })),
  );
  assert(rows.every(({ data }) => !data!.includes("@gmail.com") && !data!.includes("Orange")));
  const { seq, idx, batch, recorded, day, status_key } = rows[0]!;
  assert.deepEqual({ seq, idx, batch, recorded, day }, {
    seq: "12",
    idx: "3",
    batch: "10",
    recorded: "1764000000.007",
    day: "2026-11-22",
  });
  assert.deepEqual(readStatusKey(Number(status_key)), { status: "pending", at: event.at });
});

Deno.test("what the sender tells of a recipient stands in that recipient's row only", () => {
  const accepted = first("message.accepted");
  const fields = { 'R "S"': "tab\t", Ville: "Été" };
  const recipients = [
    { address: "a@b.example", kind: "to" as const, name: "A\\n", fields },
    { address: "c@b.example", kind: "to" as const },
  ];
  const rows = rowsOf({ ...accepted, data: { ...accepted.data, recipients } });
  assert.deepEqual(rows.map(({ name, fields }) => ({ name, fields })), [
    { name: "A\\\\n", fields: JSON.stringify(fields).replaceAll("\\", "\\\\") },
    { name: "", fields: "" },
  ]);
  assert(rows.every(({ data }) => !data!.includes("Ville")));
  const [other] = rowsOf(first("delivery.delivered"));
  assert.deepEqual(among(other!, ["name", "fields"]), { name: "", fields: "" });
});

Deno.test("what an attempt was and got stands in the attempt's columns, and in no hit's", () => {
  const bounced = first("delivery.bounced");
  const reply = { code: 550, enhanced: "5.1.1", text: "no\\user" };
  const data = { ...bounced.data, address: "192.0.2.1", mx: null, reply };
  const [row] = rowsOf({ ...bounced, data });
  assert.deepEqual(among(row!, ATTEMPT_COLUMNS), {
    attempt: String(data.attempt),
    address: "192.0.2.1",
    pool: data.pool,
    provider: data.provider,
    mx: "",
    reply_code: "550",
    reply_enhanced: "5.1.1",
    reply: '{"code":550,"enhanced":"5.1.1","text":"no\\\\\\\\user"}',
    class: "unknown-user",
    bounce_kind: data.kind,
  });
  assert.deepEqual(among(row!, HIT_COLUMNS), {
    ...Object.fromEntries(HIT_COLUMNS.map((name) => [name, ""])),
    machine: "0",
    link: "-1",
    since_sent: "-1",
    mark: "0",
    revokes: "[]",
    revoked_marks: "[]",
  });
});

Deno.test("what a hit was and was made on stands in the hit's columns, and in no attempt's", () => {
  const clicked = first("engagement.clicked");
  const userAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 " +
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
  const hints = { "accept-language": "fr-FR,fr;q=0.9", referer: "mail.google.com" };
  const url = "https://e.example/?a";
  const data = { ...clicked.data, userAgent, hints, ip: "192.0.2.0", sinceSent: 7, link: 3, url };
  const [row] = rowsOf({ ...clicked, data });
  const { mark, ...columns } = among(row!, HIT_COLUMNS);
  assert.equal(BigInt(mark!) >> 20n, BigInt(clicked.at));
  assert.deepEqual(columns, {
    actor: "human",
    machine: "0",
    reason: "no-sign-of-a-machine",
    user_agent: userAgent,
    ip: "192.0.2.0",
    link: "3",
    url,
    language: "fr-FR",
    since_sent: "7",
    revokes: "[]",
    revoked_marks: "[]",
    device_type: "mobile",
    brand: "Apple",
    model: "iPhone",
    os: "iOS",
    os_version: "17.5",
    browser: "Safari",
    browser_version: "17.5",
    mail_client: "Gmail",
    support: "webmail",
  });
  assert.equal(row!["data"], JSON.stringify(data));
  assert.deepEqual(among(row!, ATTEMPT_COLUMNS), {
    ...Object.fromEntries(ATTEMPT_COLUMNS.map((name) => [name, ""])),
    attempt: "0",
    reply_code: "0",
  });
});

Deno.test("what is said of a message stands in its columns, escaped", () => {
  const accepted = first("message.accepted");
  const references = { ...accepted.data.references, billingCode: "a\tb", customerReference: "c" };
  const event = { ...accepted, data: { ...accepted.data, subject: "back\\slash", references } };
  const [row] = rowsOf(event);
  assert.deepEqual(
    among(row!, ["sender", "subject", "billing_code", "customer_reference", "headers"]),
    {
      sender: accepted.data.sender,
      subject: "back\\\\slash",
      billing_code: "a\\tb",
      customer_reference: "c",
      headers: JSON.stringify(references).replaceAll("\\", "\\\\"),
    },
  );
});

Deno.test("domains are lower case A-labels", () => {
  const event = first("delivery.delivered");
  const domain = (recipient: string) => rowsOf({ ...event, recipient })[0]!["domain"];
  assert.equal(domain("a@Orange.FR"), "orange.fr");
  assert.equal(domain("a@münchen.example"), "xn--mnchen-3ya.example");
  assert.equal(domain("postmaster"), "postmaster");
});

Deno.test("a machine's hit argues for no status", () => {
  const event = first("engagement.opened");
  const row = (userAgent: string) => rowsOf({ ...event, data: { ...event.data, userAgent } })[0]!;
  const human = row("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
  assert.equal(readStatusKey(Number(human["status_key"])).status, "opened");
  assert.deepEqual([human["actor"], human["machine"]], ["human", "0"]);
  const machine = row("Mozilla/5.0");
  assert.deepEqual([machine["actor"], machine["machine"], machine["status_key"]], [
    "apple-mpp",
    "1",
    "0",
  ]);
});

Deno.test("settings are mirrored without what is in them", () => {
  const event: Event<"settings.credential-issued"> = {
    id: derivedId("x"),
    type: "settings.credential-issued",
    v: 1,
    account: "demo",
    at: 5,
    recorded: 5,
    data: { login: "demo", hash: "$argon2id$secret" },
  };
  const [row] = rowsOf(event);
  assert.equal(row!["data"], "{}");
  assert.equal(row!["day"], "1970-01-01");
  assert(!linesOf(event, PLACE, new HitWindow())[0]!.includes("argon2id"));
});

Deno.test("times beyond what a status key holds, and ids of another version, do not break a row", () => {
  const event = first("delivery.delivered");
  const [row] = rowsOf({ ...event, at: Number.MAX_SAFE_INTEGER, message: derivedId("old") });
  assert.equal(row!["at"], "8796093022.207");
  assert.equal(row!["day"], "1970-01-01");
});
