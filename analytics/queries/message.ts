/** One message: its recipients, and each one's events in order. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Clicked, EventType, MessageAccepted } from "@chappe/src/events";
import { dayOfMessage } from "../schema/day.ts";
import { ask } from "./ask.ts";
import { deliveries } from "./delivery.ts";
import type { MessageDetail, MessageHead, TimelineEvent } from "./port.ts";
import { DELIVERY_COLUMNS, messageRow } from "./row.ts";
import type { Tables } from "./tables.ts";
import { isUuid } from "../schema/uuid.ts";

/** Null when the account has no such message. */
export async function message(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  id: string,
): Promise<MessageDetail | null> {
  if (!isUuid(id)) return null;
  const ofMessage = sql<boolean>`message = toUUID(${id})`;
  const folded = deliveries(db, account, {}).where("day", "=", dayOfMessage(id)).where(ofMessage);
  const events = factsOf(db, account, id)
    .select(["id", "type", "rcpt", "actor", "reason", "machine", "revokes", "data"])
    .select(sql<number>`toUnixTimestamp64Milli(facts.at)`.as("at"))
    .orderBy("facts.at").orderBy("seq").orderBy("idx").orderBy("rcpt");
  const [rows, facts] = await Promise.all([
    ask(client, db.selectFrom(folded.as("d")).select(DELIVERY_COLUMNS).orderBy("d.rcpt")),
    ask(client, events),
  ]);

  const accepted = facts.find(({ type }) => type === "message.accepted");
  if (accepted === undefined) return null;
  const head = JSON.parse(accepted.data) as Omit<MessageAccepted, "recipients">;
  // Of several that revoke a hit the greatest reason counts, as in the table of hits.
  const revoked = new Map(
    facts.flatMap(({ revokes, reason }) => revokes.map((id) => [id, reason] as const))
      .sort(([, a], [, b]) => a < b ? -1 : 1),
  );
  const timeline = once(facts).map((fact) => {
    const reason = revoked.get(fact.id);
    return reason === undefined ? fact : { ...fact, actor: "scanner", reason, machine: 1 };
  });
  return {
    id: id.toLowerCase(),
    sender: head.sender,
    subject: head.subject,
    messageId: head.messageId,
    size: head.size,
    sentAt: accepted.at,
    body: head.body,
    files: filesOf(head, timeline),
    references: head.references,
    recipients: rows.map((row) => ({
      ...messageRow(row),
      events: timeline
        .filter(({ rcpt }) => rcpt === row.rcpt || rcpt === -1)
        .map(timelineEvent),
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

const factsOf = (db: Kysely<Tables>, account: string, id: string) =>
  db.selectFrom("facts")
    .where("account", "=", account)
    .where("day", "=", dayOfMessage(id))
    .where(sql<boolean>`message = toUUID(${id})`);

interface FactRow {
  id: string;
  type: string;
  at: number;
  rcpt: number;
  actor: string;
  reason: string;
  machine: number;
  /** Ids of earlier hits that this one shows to have been a scanner's. */
  revokes: string[];
  data: string;
}

/** The log may hold an event twice; its first row stays. */
function once(facts: readonly FactRow[]): FactRow[] {
  const seen = new Set<string>();
  return facts.filter(({ id, rcpt }) => {
    const key = `${id} ${rcpt}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** With how many fetched each. A hit on a file has its name for an address (edge-tracking/hit.ts). */
function filesOf(
  { files = [] }: Pick<MessageAccepted, "files">,
  timeline: readonly FactRow[],
): MessageDetail["files"] {
  if (files.length === 0) return [];
  const fetched = timeline
    .filter(({ type, machine }) => type === "engagement.clicked" && machine === 0)
    .map(({ rcpt, data }) => ({ rcpt, url: (JSON.parse(data) as Clicked).url }));
  return files.map(({ name, type, size }) => {
    const own = fetched.filter(({ url }) => url === `attachment:${encodeURIComponent(name)}`);
    return { name, type, size, downloads: new Set(own.map(({ rcpt }) => rcpt)).size };
  });
}

/** Hits also say who made them, and the rule that decided. */
function timelineEvent({ id, type, at, rcpt, actor, reason, data }: FactRow): TimelineEvent {
  return {
    id,
    type: type as EventType,
    at,
    rcpt: rcpt === -1 ? null : rcpt,
    data: { ...JSON.parse(data), ...(actor === "" ? {} : { actor, reason }) },
  };
}
