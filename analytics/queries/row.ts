/** A folded delivery as the API shows it. */
import { MessageReferencesSchema, type RecipientKind, type Reply } from "@chappe/src/events";
import { readStatusKey } from "@chappe/src/rules";
import type { MessageRow } from "./port.ts";

/** What {@link messageRow} needs of a row of `deliveries()`. */
export interface DeliveryColumns {
  message: string;
  rcpt: number;
  status_key: number;
  sent_at: number;
  recipient: string;
  kind: string;
  sender: string;
  subject: string;
  headers: string;
  opened: number;
  clicked: number;
  address: string;
  pool: string;
  reply: string;
  domain: string;
  provider: string;
  campaign: string;
  attempt: number;
  opens: number;
  clicks: number;
  opened_at: number;
  clicked_at: number;
}

export const DELIVERY_COLUMNS = [
  "d.message",
  "d.rcpt",
  "d.status_key",
  "d.sent_at",
  "d.recipient",
  "d.kind",
  "d.sender",
  "d.subject",
  "d.headers",
  "d.opened",
  "d.clicked",
  "d.address",
  "d.pool",
  "d.reply",
  "d.domain",
  "d.provider",
  "d.campaign",
  "d.attempt",
  "d.opens",
  "d.clicks",
  "d.opened_at",
  "d.clicked_at",
] as const;

/** The options header of a message that gave none. */
const NO_HEADERS: Record<string, string | null> = MessageReferencesSchema.parse({});

export function messageRow(row: DeliveryColumns): MessageRow {
  const { status, at } = readStatusKey(row.status_key);
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
    opened: row.opened === 1,
    clicked: row.clicked === 1,
    address: row.address || null,
    pool: row.pool || null,
    domain: row.domain,
    provider: row.provider || null,
    campaign: row.campaign || null,
    attempts: row.attempt,
    opens: row.opens,
    clicks: row.clicks,
    openedAt: row.opened_at || null,
    clickedAt: row.clicked_at || null,
    headers: row.headers === "" ? NO_HEADERS : JSON.parse(row.headers),
  };
}
