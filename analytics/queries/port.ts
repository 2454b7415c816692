/** What the pages and the API ask of ClickHouse. Every question is asked for one account. */
import type { Status } from "@chappe/src/rules";
import type { EventType, MessageReferences, RecipientKind, Reply } from "@chappe/src/events";

/** One message to one recipient, as `GET /api/v1/messages` lists it. Times are ms UTC. */
export interface MessageRow {
  id: string;
  rcpt: number;
  sender: string;
  recipient: string;
  recipientType: RecipientKind;
  subject: string;
  sentAt: number;
  status: Status;
  statusAt: number;
  reply: Reply | null;
  opened: boolean;
  clicked: boolean;
  /** Source IP address of the last attempt, and its pool; null before the first. */
  address: string | null;
  pool: string | null;
  headers: Record<string, string | null>;
}

/** Keys of the options header that mean what the sender likes. */
export const ATTENTIONS = [
  "attention1",
  "attention2",
  "attention3",
  "attention4",
  "attention5",
  "attention6",
  "attention7",
  "attention8",
] as const satisfies readonly (keyof MessageReferences)[];
export type Attention = typeof ATTENTIONS[number];

export interface MessageFilter {
  recipient?: string;
  sender?: string;
  /** Part of the subject, case-insensitive. `recipient` and `sender` match whole or by part as well. */
  subject?: string;
  status?: Status[];
  type?: RecipientKind;
  /** Sent at or after, ms UTC. */
  from?: number;
  /** Sent before, ms UTC. */
  to?: number;
  campaign?: string;
  /** `customerReference` of the options header. */
  reference?: string;
  /** Other keys of the options header, each with exactly this value. */
  billingCode?: string;
  attentions?: Partial<Record<Attention, string>>;
  message?: string;
}

export interface Page<T> {
  items: T[];
  /** Give it back as `cursor` for the next page; null at the end. */
  next: string | null;
}

export interface TimelineEvent {
  id: string;
  type: EventType;
  at: number;
  rcpt: number | null;
  data: Record<string, unknown>;
}

export interface MessageDetail {
  id: string;
  sender: string;
  subject: string;
  messageId: string;
  size: number;
  sentAt: number;
  body: string;
  references: Record<string, string | null>;
  /** Each recipient with its events in order of `at`. */
  recipients: (MessageRow & { events: TimelineEvent[] })[];
}

export interface Figures {
  sent: number;
  pending: number;
  deferred: number;
  /** Every copy that was delivered, whatever came after. */
  delivered: number;
  opened: number;
  clicked: number;
  softBounced: number;
  cancelled: number;
  complained: number;
  blacklisted: number;
  unsubscribed: number;
  /** From 0 to 1 (seed "Statistiques comportementales"). */
  rates: {
    open: number;
    click: number;
    reactivity: number;
    bounce: number;
    spam: number;
    unsubscribe: number;
  };
  machine: { opened: number; clicked: number };
}

export const GROUPINGS = [
  "day",
  "hour",
  "provider",
  "domain",
  "pool",
  "address",
  "campaign",
  "billingCode",
] as const;
export type Grouping = typeof GROUPINGS[number];

export interface Stats {
  items: ({ key: string } & Figures)[];
  total: Figures;
}

/** A cursor or sort that is not ours; the message says what is wrong. */
export class BadQueryError extends Error {
  override name = "BadQueryError";
}

export interface Queries {
  /** `sort`: a column of {@link MessageRow}, `-` before it for descending; default `-sentAt`. */
  messages(
    account: string,
    filter: MessageFilter,
    page: { sort?: string; limit: number; cursor?: string },
  ): Promise<Page<MessageRow>>;
  message(account: string, id: string): Promise<MessageDetail | null>;
  /** Without `groupBy`, `items` is empty. `day` and `hour` keys are ISO times UTC, ascending. */
  stats(
    account: string,
    range: { from?: number; to?: number; groupBy?: Grouping },
  ): Promise<Stats>;
  /** Sequence of the last commit of the log that stands in ClickHouse. */
  position(): Promise<number>;
}
