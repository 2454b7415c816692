/** Folded deliveries as the API shows them. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Kysely } from "kysely";
import { MessageReferencesSchema, type RecipientKind, type Reply } from "@chappe/src/events";
import { readStatusKey } from "@chappe/src/rules";
import { ask } from "./ask.ts";
import type { deliveries } from "./delivery.ts";
import {
  COUNTED,
  type Marks,
  MOST_MARKS,
  type Reactions,
  reactionsIn,
  reactionsOf,
} from "./marks.ts";
import type { MessageRow } from "./port.ts";
import type { Tables } from "./tables.ts";

interface DeliveryColumns extends Marks {
  /** Of hits. */
  marks: number;
  message: string;
  rcpt: number;
  sent_at: number;
  recipient: string;
  kind: string;
  sender: string;
  subject: string;
  headers: string;
  address: string;
  pool: string;
  reply: string;
  domain: string;
  provider: string;
  campaign: string;
  attempt: number;
  name: string;
  fields: Record<string, string>;
}

const DELIVERY_COLUMNS = [
  "d.marks",
  "d.message",
  "d.rcpt",
  "d.said_key",
  "d.unrevised_key",
  "d.human_texts",
  "d.revoked_texts",
  "d.sent_at",
  "d.recipient",
  "d.kind",
  "d.sender",
  "d.subject",
  "d.headers",
  "d.address",
  "d.pool",
  "d.reply",
  "d.domain",
  "d.provider",
  "d.campaign",
  "d.attempt",
  "d.name",
  "d.fields",
] as const;

/** In no order. @param folded of `deliveries()` */
export async function messageRows(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  folded: ReturnType<typeof deliveries>,
): Promise<MessageRow[]> {
  const found = db.selectFrom(folded.as("d"));
  const rows = await ask(client, found.select(DELIVERY_COLUMNS));
  const counted = rows.some(({ marks }) => marks > MOST_MARKS)
    ? await countedByEngine(client, db, folded)
    : new Map<string, Reactions>();
  return rows.map((row) => messageRow(row, counted.get(nameOf(row)) ?? reactionsOf(row)));
}

/** Of copies with more marks than are brought here. */
async function countedByEngine(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  folded: ReturnType<typeof deliveries>,
): Promise<Map<string, Reactions>> {
  const rows = await ask(
    client,
    db.selectFrom(folded.as("d")).where("d.marks", ">", MOST_MARKS)
      .select(["d.message", "d.rcpt", ...COUNTED]),
  );
  return new Map(rows.map((row) => [nameOf(row), reactionsIn(row)]));
}

const nameOf = ({ message, rcpt }: { message: string; rcpt: number }) => `${message} ${rcpt}`;

/** The options header of a message that gave none. */
const NO_HEADERS: Record<string, string | null> = MessageReferencesSchema.parse({});

function messageRow(row: DeliveryColumns, reactions: Reactions): MessageRow {
  const { statusKey, opened, clicked, ...hits } = reactions;
  const { status, at } = readStatusKey(statusKey);
  return {
    id: row.message,
    rcpt: row.rcpt,
    sender: row.sender,
    recipient: row.recipient,
    name: row.name || null,
    fields: row.fields,
    recipientType: row.kind as RecipientKind,
    subject: row.subject,
    sentAt: row.sent_at,
    status,
    statusAt: at,
    reply: row.reply === "" ? null : JSON.parse(row.reply) as Reply,
    opened,
    clicked,
    address: row.address || null,
    pool: row.pool || null,
    domain: row.domain,
    provider: row.provider || null,
    campaign: row.campaign || null,
    attempts: row.attempt,
    ...hits,
    headers: row.headers === "" ? NO_HEADERS : JSON.parse(row.headers),
  };
}
