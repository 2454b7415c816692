/** A folded delivery as the API shows it. */
import { MessageReferencesSchema, type RecipientKind, type Reply } from "@chappe/src/events";
import { readStatusKey } from "@chappe/src/rules";
import { type Marks, reactionsOf } from "./marks.ts";
import type { MessageRow } from "./port.ts";

/** What {@link messageRow} needs of a row of `deliveries()`. */
export interface DeliveryColumns extends Marks {
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
}

export const DELIVERY_COLUMNS = [
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
] as const;

/** The options header of a message that gave none. */
const NO_HEADERS: Record<string, string | null> = MessageReferencesSchema.parse({});

export function messageRow(row: DeliveryColumns): MessageRow {
  const { statusKey, opened, clicked, ...hits } = reactionsOf(row);
  const { status, at } = readStatusKey(statusKey);
  return {
    id: row.message,
    rcpt: row.rcpt,
    sender: row.sender,
    recipient: row.recipient,
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
