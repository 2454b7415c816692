/** Events of one message with two links and three files. */
import {
  derivedId,
  type Event,
  event,
  type EventData,
  MessageReferencesSchema,
} from "@chappe/src/events";

export const AT = Date.UTC(2026, 10, 20);
export const MINUTE = 60_000;
export const MESSAGE = "01a9ee00-b800-7000-8000-000000000001";
const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const FILES = ["Price list.pdf", "été & Co.txt", "unread.zip"];
export const PDF = "attachment:Price%20list.pdf";
export const NOTES = "attachment:%C3%A9t%C3%A9%20%26%20Co.txt";

const envelope = (id: string, at: number, rcpt?: number) => ({
  id: derivedId("downloads", id),
  account: "demo",
  at,
  message: MESSAGE,
  rcpt,
});
const stored = <E extends { at: number }>(made: E) =>
  ({ ...made, recorded: made.at }) as unknown as Event;

export function accepted(): Event {
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
/** Each ten minutes after the one before, where it is not told when. @param since it was sent, ms */
export function click(
  rcpt: number,
  link: number,
  url: string,
  userAgent = BROWSER,
  since = (clicks + 1) * 10 * MINUTE,
): Event {
  const n = ++clicks;
  const data: EventData<"engagement.clicked"> = {
    mode: "full",
    userAgent,
    hints: { "accept-language": "fr-FR", "sec-fetch-mode": "navigate", "sec-fetch-user": "?1" },
    ip: "203.0.113.0",
    sinceSent: since,
    link,
    url,
  };
  return stored(event("engagement.clicked", envelope(`${n}`, AT + since, rcpt), data));
}
