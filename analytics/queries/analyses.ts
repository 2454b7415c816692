/** Further questions of the port, about groups, bounces and reactions: what they take and give. */
import type { Actor } from "../load/classify/mod.ts";
import type { ColumnName } from "./fields.ts";
import type { Filter } from "./filter.ts";
import type { Figures, Grouping, MessageFilter, Page } from "./port.ts";

export interface GroupPage {
  groupBy: ColumnName;
  /** `count` or `key`, `-` before it for descending; default `-count`. */
  sort?: string;
  limit: number;
  cursor?: string;
  /** Where days begin; default UTC. */
  timezone?: string;
}

/** Messages that share the value of a column. */
export interface Group {
  /** Null: nothing stands there. Of a time: the start of the day, ms UTC. */
  key: string | number | boolean | null;
  count: number;
  /** Lists them, beside the filter that was asked for. */
  where: Filter;
}

/** Copies sent at or after `from` and before `to` (ms UTC), of a campaign, of a message. */
export interface Scope {
  from?: number;
  to?: number;
  campaign?: string;
  message?: string;
}

/** A field of the sender's own, and how many copies have a text there. */
export interface OwnField {
  name: string;
  copies: number;
}

/** Hits on these copies, of a kind, of these actors. */
export interface HitFilter extends Scope {
  kind?: "open" | "click";
  actor?: readonly Actor[];
}

/** An open or a click, and what is known of who made it; null: not known. */
export interface HitRow {
  id: string;
  /** ms UTC. */
  at: number;
  message: string;
  rcpt: number;
  /** Null until the event that names it is there. */
  recipient: string | null;
  kind: "open" | "click";
  actor: Actor;
  /** The rule that decided on `actor`. */
  reason: string | null;
  /** Whether it counts as a machine's. */
  machine: boolean;
  /** The link's place in the message, from 0 on; null for an open. */
  link: number | null;
  url: string | null;
  /** ms after the copy was sent. */
  sinceSent: number | null;
  deviceType: string | null;
  brand: string | null;
  model: string | null;
  os: string | null;
  osVersion: string | null;
  browser: string | null;
  browserVersion: string | null;
  mailClient: string | null;
  support: string | null;
  /** Cut short. */
  ip: string | null;
  language: string | null;
  campaign: string | null;
}

/** What lines of a chart can stand for. */
export type Dimension = Exclude<Grouping, "day" | "hour">;
export const INTERVALS = ["hour", "day"] as const;
export type Interval = typeof INTERVALS[number];

export interface SeriesQuestion extends Scope {
  interval: Interval;
  /** One line for all without it. */
  groupBy?: Dimension;
  /** Lines: those with the most messages. */
  lines: number;
}

export interface Series {
  /** The busiest first; `key` empty for all, or for messages without one. */
  items: { key: string; points: ({ at: number } & Figures)[] }[];
}

export const BOUNCE_KEYS = [
  "class",
  "provider",
  "reply",
  "code",
  "enhanced",
  "domain",
  "pool",
  "address",
  "campaign",
] as const;
export type BounceKey = typeof BOUNCE_KEYS[number];

export interface BounceQuestion extends Scope {
  groupBy: readonly BounceKey[];
  limit: number;
}

export interface BounceCounts {
  /** In error, and refused or given up for good: as copies stand now. */
  soft: number;
  hard: number;
}
export interface Bounces {
  /** Those with the most first. */
  items: ({ keys: Partial<Record<BounceKey, string>> } & BounceCounts)[];
  total: BounceCounts & { sent: number };
}

/** How often something was clicked: copies from which people clicked, all their clicks, machines' clicks. */
export interface Clicks {
  recipients: number;
  clicks: number;
  machineClicks: number;
}
export interface Heat {
  /** By their places, from 0 on. Messages of a campaign may differ: `url` is where most clicks led. */
  links: ({ position: number; url: string } & Clicks)[];
  /** Of the blocks that were asked for. */
  blocks: ({ block: number } & Clicks)[];
  total: Clicks;
}

export const TECHNICAL_KEYS = [
  "os",
  "osVersion",
  "browser",
  "browserVersion",
  "device",
  "deviceType",
  "model",
  "support",
  "mailClient",
  "language",
] as const;
export type TechnicalKey = typeof TECHNICAL_KEYS[number];

export interface TechnicalQuestion extends Scope {
  rows: readonly TechnicalKey[];
  columns: readonly TechnicalKey[];
  hits: "opens" | "clicks" | "both";
  count: "recipients" | "hits";
  /** Whether hits of machines count too. */
  machines: boolean;
}

/** Values of the first row keys and column keys; fewer of them: a subtotal; none: the total. */
export interface Cell {
  row: string[];
  column: string[];
  count: number;
}

export const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;

export interface ReactionQuestion extends Scope {
  unit: Unit;
  /** How many of them; what came later is one more. */
  units: number;
}

/** What people did in one unit of time after their copy was sent. */
export interface Reactions {
  /** ms after sending; `to` null: and later. */
  from: number;
  to: number | null;
  /** Copies opened, and clicked, for the first time; and all hits. */
  opened: number;
  clicked: number;
  opens: number;
  clicks: number;
}

/** Copies sent at this hour of this day of the week, and what became of them. */
export interface SendingHour {
  /** 1: Monday. */
  weekday: number;
  hour: number;
  sent: number;
  opened: number;
  clicked: number;
}

export interface Analyses {
  /** `sort`: `at`, or `-at`, the default. */
  hits(
    account: string,
    filter: HitFilter,
    page: { sort?: string; limit: number; cursor?: string },
  ): Promise<Page<HitRow>>;
  groups(account: string, filter: MessageFilter, page: GroupPage): Promise<Page<Group>>;
  /** By name; of more than a thousand the first. */
  ownFields(account: string, scope: Scope): Promise<OwnField[]>;
  series(account: string, question: SeriesQuestion): Promise<Series>;
  bounces(account: string, question: BounceQuestion): Promise<Bounces>;
  /** @param blocks by a link's position, the block it stands in, from 0 on; -1: none */
  heat(account: string, scope: Scope, blocks?: readonly number[]): Promise<Heat>;
  technical(account: string, question: TechnicalQuestion): Promise<Cell[]>;
  reactions(account: string, question: ReactionQuestion): Promise<Reactions[]>;
  /** All hours in which something was sent. */
  sendingHours(account: string, question: Scope & { timezone?: string }): Promise<SendingHour[]>;
}
