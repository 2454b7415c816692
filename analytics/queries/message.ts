/** One message: its recipients, and each one's events in order. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { MessageAccepted } from "@chappe/src/events";
import { type Kysely, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import { ask } from "./ask.ts";
import { deliveries } from "./delivery.ts";
import type { MessageDetail, MessageHead } from "./port.ts";
import { messageRows } from "./row.ts";
import type { Tables } from "./tables.ts";
import { factsOf, revokedOf, timeline } from "./timeline.ts";

/**
 * Null when the account has no such message.
 * @param hitsOfCopy opens and clicks that are told of each copy at the most: the first ones
 */
export async function message(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  id: string,
  hitsOfCopy: number,
): Promise<MessageDetail | null> {
  if (!isUuid(id)) return null;
  const ofMessage = sql<boolean>`message = toUUID(${id})`;
  const folded = deliveries(db, account, {}).where("day", "=", dayOfMessage(id)).where(ofMessage);
  const [rows, { events, more }] = await Promise.all([
    messageRows(client, db, folded),
    timeline(client, db, account, id, hitsOfCopy),
  ]);
  const accepted = events.find(({ type }) => type === "message.accepted");
  if (accepted === undefined) return null;
  const head = accepted.data as unknown as MessageAccepted;
  return {
    id: id.toLowerCase(),
    sender: head.sender,
    subject: head.subject,
    messageId: head.messageId,
    size: head.size,
    sentAt: accepted.at,
    body: head.body,
    files: await filesOf(client, db, account, id, head),
    references: head.references,
    recipients: rows.sort((a, b) => a.rcpt - b.rcpt).map((row) => ({
      ...row,
      events: events.filter(({ rcpt }) => rcpt === row.rcpt || rcpt === null),
      hasMoreHits: more.has(row.rcpt),
    })),
  };
}

/** Null when the account has no such message. */
export async function messageHead(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  id: string,
): Promise<MessageHead | null> {
  if (!isUuid(id)) return null;
  const accepted = factsOf(db, account, id).where("type", "=", "message.accepted").limit(1);
  const [fact] = await ask(client, accepted.select("data"));
  if (fact === undefined) return null;
  const { sender, body } = JSON.parse(fact.data) as MessageAccepted;
  return { id: id.toLowerCase(), sender, body };
}

/** With how many fetched each. A hit on a file has its name for an address (edge-tracking/hit.ts). */
async function filesOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  message: string,
  { files = [] }: Pick<MessageAccepted, "files">,
): Promise<MessageDetail["files"]> {
  if (files.length === 0) return [];
  const addressOf = (name: string) => `attachment:${encodeURIComponent(name)}`;
  const url = sql<string>`JSONExtractString(data, 'url')`;
  const fetched = await ask(
    client,
    factsOf(db, account, message)
      .where("type", "=", "engagement.clicked").where("machine", "=", 0)
      .where(url, "in", files.map(({ name }) => addressOf(name)))
      .where("id", "not in", revokedOf(db, account, message).select("r.id"))
      .select([url.as("url"), sql<number>`uniqExact(rcpt)`.as("copies")]).groupBy("url"),
  );
  const copies = new Map(fetched.map(({ url, copies }) => [url, copies]));
  return files.map(({ name, type, size }) => {
    return { name, type, size, downloads: copies.get(addressOf(name)) ?? 0 };
  });
}
