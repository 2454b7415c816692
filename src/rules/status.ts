/**
 * The status of one message for one recipient: the one place where it is decided.
 *
 * Every event maps to a precedence; the status is the one with the highest precedence seen, at the
 * latest time it was seen. Taking the highest is commutative, associative and idempotent, so the
 * result is the same in whatever order, and however often, events arrive; and ClickHouse can fold
 * it with `max` over {@link statusKey}.
 */
import type { Event } from "../events/mod.ts";

/** From the weakest to the strongest. Names are fixed by the API. */
export const STATUSES = [
  "pending",
  "deferred",
  "delivered",
  "soft_bounced",
  "cancelled",
  "blacklisted",
  "opened",
  "clicked",
  "unsubscribed",
  "complained",
] as const;
export type Status = typeof STATUSES[number];

/** The status an event argues for, or null when it says nothing about one. */
export function statusOf(event: Pick<Event, "type" | "data">): Status | null {
  switch (event.type) {
    case "message.accepted":
      return "pending";
    case "delivery.deferred":
      // No server answered: still "sent, waiting for an answer" (seed, "Message envoyé, attente retour").
      return (event.data as { reply: unknown }).reply === null ? "pending" : "deferred";
    case "delivery.delivered":
      return "delivered";
    case "delivery.bounced":
      return (event.data as { kind: string }).kind === "soft" ? "soft_bounced" : "cancelled";
    case "delivery.expired":
    case "delivery.cancelled":
      return "cancelled";
    case "delivery.suppressed":
      return "blacklisted";
    case "engagement.opened":
      return "opened";
    case "engagement.clicked":
      return "clicked";
    case "feedback.unsubscribed":
      return "unsubscribed";
    case "feedback.complained":
      return "complained";
    default:
      return null;
  }
}

const TIME = 2 ** 43; // ms until the year 2248; times 16 stays below 2^53

/** Packs precedence and time into one integer whose maximum is the status; 0 means none. */
export function statusKey(status: Status, at: number): number {
  return (STATUSES.indexOf(status) + 1) * TIME + at;
}

/** Reads {@link statusKey} back. Throws a `RangeError` on a key that is none. */
export function readStatusKey(key: number): { status: Status; at: number } {
  const status = STATUSES[Math.floor(key / TIME) - 1];
  if (status === undefined) throw new RangeError(`not a status key: ${key}`);
  return { status, at: key % TIME };
}
