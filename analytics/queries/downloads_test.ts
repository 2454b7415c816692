import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import {
  derivedId,
  type Event,
  event,
  type EventData,
  MessageReferencesSchema,
} from "@chappe/src/events";
import { loaded } from "../testing/loaded.ts";

const AT = Date.UTC(2026, 10, 20);
const MINUTE = 60_000;
const MESSAGE = "01a9ee00-b800-7000-8000-000000000001";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const FILES = ["Price list.pdf", "été & Co.txt", "unread.zip"];
const PDF = "attachment:Price%20list.pdf";
const NOTES = "attachment:%C3%A9t%C3%A9%20%26%20Co.txt";

const envelope = (id: string, at: number, rcpt?: number) => ({
  id: derivedId("downloads", id),
  account: "demo",
  at,
  message: MESSAGE,
  rcpt,
});
const stored = <E extends { at: number }>(made: E) =>
  ({ ...made, recorded: made.at }) as unknown as Event;

/** A message with two links and three files. */
function accepted(): Event {
  const data: EventData<"message.accepted"> = {
    sender: "shop@example.com",
    recipients: ["a", "b", "c"].map((name) => ({ address: `${name}@b.example`, kind: "to" })),
    from: "shop@example.com",
    subject: "Prices",
    messageId: "prices@example.com",
    size: 1000,
    body: "body",
    files: FILES.map((name, i) => ({
      name,
      type: "application/octet-stream",
      size: i + 1,
      start: 0,
      end: 1,
      encoding: "identity",
    })),
    references: MessageReferencesSchema.parse({}),
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "header",
    smtputf8: false,
    client: { ip: "127.0.0.1", ehlo: "client", tls: null, login: "demo" },
  };
  return stored(event("message.accepted", envelope("accepted", AT), data));
}

let clicks = 0;
function click(rcpt: number, link: number, url: string, userAgent = BROWSER): Event {
  const n = ++clicks;
  const data: EventData<"engagement.clicked"> = {
    mode: "full",
    userAgent,
    hints: { "accept-language": "fr-FR", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1" },
    ip: "203.0.113.0",
    sinceSent: n * 10 * MINUTE,
    link,
    url,
  };
  return stored(event("engagement.clicked", envelope(`${n}`, AT + n * 10 * MINUTE, rcpt), data));
}

Deno.test("downloads are the copies from which people fetched a file, and stand in the hot zones", async () => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, [
    accepted(),
    click(0, 2, PDF),
    click(0, 2, PDF),
    click(1, 2, PDF),
    click(2, 2, PDF, "SkypeUriPreview"),
    click(1, 3, NOTES),
    click(1, 0, "https://example.org/"),
  ]);
  const { files } = (await queries.message("demo", MESSAGE))!;
  assert.deepEqual(files.map(({ name, downloads }) => [name, downloads]), [
    ["Price list.pdf", 2],
    ["été & Co.txt", 1],
    ["unread.zip", 0],
  ]);
  const { links } = await queries.heat("demo", { message: MESSAGE });
  assert.deepEqual(links, [
    { position: 0, url: "https://example.org/", recipients: 1, clicks: 1, machineClicks: 0 },
    { position: 2, url: PDF, recipients: 2, clicks: 3, machineClicks: 1 },
    { position: 3, url: NOTES, recipients: 1, clicks: 1, machineClicks: 0 },
  ]);
  assert.equal(await queries.message("other", MESSAGE), null);
});
