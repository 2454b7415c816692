/** How much an account may send in an hour and in a day, and how nodes share that among them. */
import type { Limits } from "../events/mod.ts";

/** An hour or a day of UTC in which an account may send so many messages. */
export interface Span {
  readonly kind: "hour" | "day";
  /** Messages. */
  readonly cap: number;
  /** Tells this span from all others of the account: `hour.2026112209`. */
  readonly key: string;
  /** When the next one begins, ms UTC. */
  readonly endsAt: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The spans that limit a message accepted at `at` (ms UTC); none for an account without limits. */
export function spansOf(
  limits: Pick<Limits, "messagesPerHour" | "messagesPerDay">,
  at: number,
): Span[] {
  const span = (kind: Span["kind"], cap: number | null, length: number, digits: number): Span[] =>
    cap === null ? [] : [{
      kind,
      cap,
      key: `${kind}.${new Date(at).toISOString().replace(/\D/g, "").slice(0, digits)}`,
      endsAt: (Math.floor(at / length) + 1) * length,
    }];
  return [
    ...span("hour", limits.messagesPerHour, HOUR, 10),
    ...span("day", limits.messagesPerDay, DAY, 8),
  ];
}

/** What one taking may be of what is left: what is taken and not used is lost in a crash. */
const SHARE = 50;
const LARGEST = 100;

/**
 * How many messages to take from the shared counter at once, when it last stood at `total`: one
 * for small caps and towards the end of large ones, so that nodes share the rest fairly.
 */
export function chunkOf(cap: number, total: number): number {
  return Math.min(LARGEST, Math.max(1, Math.floor((cap - total) / SHARE)));
}

/**
 * Of the `asked` that were added to a counter that then stood at `total`, those within the cap.
 * Each adding has its own stretch of the count, so all nodes together never get more.
 */
export function grantedOf(cap: number, asked: number, total: number): number {
  return Math.min(asked, Math.max(0, cap - (total - asked)));
}
