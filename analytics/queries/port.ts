/**
 * What the pages and the API ask of ClickHouse. Every question is asked for one account, but those
 * about source addresses (`attempts`, `reputation`), which are for the operator and owners of pools.
 */
import type { Status } from "@chappe/src/rules";
import type {
  EventType,
  LinkedFile,
  MessageReferences,
  RecipientKind,
  Reply,
  SuppressionReason,
} from "@chappe/src/events";
import type { Analyses, Scope } from "./analyses.ts";
import type { Filter } from "./filter.ts";

/** One message to one recipient, as `GET /api/v1/messages` lists it. Times are ms UTC. */
export interface MessageRow {
  id: string;
  rcpt: number;
  sender: string;
  recipient: string;
  /** What the sender tells of the recipient: a name, and texts by names of its own. */
  name: string | null;
  fields: Readonly<Record<string, string>>;
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
  /** Lower case, A-labels. */
  domain: string;
  /** Of the last attempt; null before the first. */
  provider: string | null;
  campaign: string | null;
  attempts: number;
  /** Hits of people, and when the first came: an open or a click; a click. */
  opens: number;
  clicks: number;
  openedAt: number | null;
  clickedAt: number | null;
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
  /** Further conditions, on any column. */
  where?: Filter;
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

/** Opens and clicks of a copy that are told with a message. */
export const HITS_OF_COPY = 100;

export interface MessageDetail {
  id: string;
  sender: string;
  subject: string;
  messageId: string;
  size: number;
  sentAt: number;
  body: string;
  /** Attachments that the copies carry as links. */
  files: (Pick<LinkedFile, "name" | "type" | "size"> & {
    /** Copies from which people fetched it, or another of its name. */
    downloads: number;
  })[];
  references: Record<string, string | null>;
  /**
   * Each recipient with its events in order of `at`; of opens and clicks the first ones, and whether
   * there are more.
   */
  recipients: (MessageRow & { events: TimelineEvent[]; hasMoreHits: boolean })[];
}

/** What tells that a message is there, and leads to its content. */
export type MessageHead = Pick<MessageDetail, "id" | "sender" | "body">;

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
  /** Seed "Statistiques comportementales". */
  rates: ReactionRates & { bounce: number; spam: number; unsubscribe: number };
  /** Every hit of people. Reactivity by copies opened. */
  totals: HitTotals;
  /** Copies, and hits, of proxies and scanners. */
  machine: { opened: number; clicked: number; opens: number; clicks: number };
  /** People and machines together. */
  all: { opened: number; clicked: number; rates: ReactionRates; totals: HitTotals };
}

/** Of distinct copies from 0 to 1; of hits maybe more. */
export interface ReactionRates {
  open: number;
  click: number;
  reactivity: number;
}
export interface HitTotals {
  opens: number;
  clicks: number;
  rates: ReactionRates;
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

/** Who gets no mail of the account, and why. */
export interface SuppressionRow {
  /** Lower case, the domain in A-labels. */
  recipient: string;
  reason: SuppressionReason;
  /** Where it comes from: an event's type, `api`, a file's name. */
  source: string;
  note: string | null;
  /** Who added it, where a person or a program with a key did. */
  by: string | null;
  /** ms UTC. */
  addedAt: number;
  /** The message that led to it. */
  message: string | null;
}

export interface SuppressionFilter {
  /** Part of the address, case-insensitive. */
  recipient?: string;
  reason?: SuppressionReason[];
  source?: string;
  /** Added at or after, ms UTC. */
  from?: number;
  /** Added before, ms UTC. */
  to?: number;
}

/** Attempts that a server answered, by what became of them. */
export interface AttemptFilter {
  /** Source IP address. */
  address?: string;
  /** Of these accounts, from other pools than this one. */
  besides?: { accounts: readonly string[]; pool: string };
  /** Made at or after, ms UTC. */
  from: number;
  /** Made before, ms UTC. */
  to: number;
}

/** Of one hour (`at`: its start, ms UTC) and provider. */
export interface AttemptRow extends Outcomes {
  at: number;
  provider: string;
}
export interface Outcomes {
  /** Attempts that a server answered. */
  sent: number;
  delivered: number;
  /** Put off, or refused for good: not counting what says nothing about the address that sent it. */
  deferred: number;
  bounced: number;
}

export const WINDOWS = { "15m": 900_000, "1h": 3_600_000, "24h": 86_400_000 } as const;
export type Window = keyof typeof WINDOWS;

/** How mail from an address was received of late; `provider` null: by all. */
export interface ReputationRow {
  provider: string | null;
  windows: Record<Window, Outcomes & { complained: number; opened: number }>;
}

/** Messages of an account that came within a minute (`at`: its start, ms UTC), each recipient one. */
export interface ArrivalRow {
  at: number;
  provider: string;
  count: number;
}

/** A cursor or sort that is not ours; the message says what is wrong. */
export class BadQueryError extends Error {
  override name = "BadQueryError";
}

export interface Queries extends Analyses {
  /** `sort`: a column of {@link MessageRow}, `-` before it for descending; default `-sentAt`. */
  messages(
    account: string,
    filter: MessageFilter,
    page: { sort?: string; limit: number; cursor?: string },
  ): Promise<Page<MessageRow>>;
  /** @param hitsOfCopy opens and clicks told of each copy at the most; default {@link HITS_OF_COPY} */
  message(account: string, id: string, hitsOfCopy?: number): Promise<MessageDetail | null>;
  /** The same in short, in a fraction of the time. */
  messageHead(account: string, id: string): Promise<MessageHead | null>;
  /**
   * Without `groupBy`, `items` is empty. `day` and `hour` keys are ISO times UTC, ascending; of others
   * come the `limit` with the most messages.
   */
  stats(
    account: string,
    question: Scope & { groupBy?: Grouping; limit?: number },
  ): Promise<Stats>;
  /** `sort`: a column of {@link SuppressionRow} but `note` and `message`, as above; default `-addedAt`. */
  suppressions(
    account: string,
    filter: SuppressionFilter,
    page: { sort?: string; limit: number; cursor?: string },
  ): Promise<Page<SuppressionRow>>;
  /** Null when the recipient, in whatever spelling, is not on the account's list. */
  suppression(account: string, recipient: string): Promise<SuppressionRow | null>;
  /** All of them, by recipient, read as they are taken. */
  exportSuppressions(account: string, filter: SuppressionFilter): AsyncIterable<SuppressionRow>;
  /** By hour and provider, in order of time. */
  attempts(filter: AttemptFilter): Promise<AttemptRow[]>;
  /** In all first, then by provider. @param now ms UTC */
  reputation(address: string, now: number): Promise<ReputationRow[]>;
  /** In order of time; provider "" while nothing was tried yet. */
  arrivals(account: string, range: { from: number; to: number }): Promise<ArrivalRow[]>;
  /** Sequence of the last commit of the log that stands in ClickHouse. */
  position(): Promise<number>;
  /** True as soon as commit `seq` stands in ClickHouse, false when it does not within `timeoutMs`. */
  caughtUp(seq: number, timeoutMs: number): Promise<boolean>;
}
