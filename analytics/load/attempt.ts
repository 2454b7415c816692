/** An attempt's columns of `facts`: by which route it went, and what was answered. */
import type { Event } from "@chappe/src/events";
import { escape, escapeJson } from "./tsv.ts";

export type AttemptEvent =
  | Event<"delivery.delivered">
  | Event<"delivery.deferred">
  | Event<"delivery.bounced">
  | Event<"delivery.expired">;

export const ATTEMPT_COLUMNS = [
  "attempt",
  "address",
  "pool",
  "provider",
  "mx",
  "reply_code",
  "reply_enhanced",
  "reply",
  "class",
  "bounce_kind",
] as const;

/** What an event that is no attempt says of one. */
export const NO_ATTEMPT = "0\t\t\t\t\t0\t\t\t\t";

/** What stands in {@link ATTEMPT_COLUMNS}. */
export function attemptCells({ data }: AttemptEvent): string {
  const { attempt, address, pool, provider, mx, reply } = data;
  const answer = reply === null
    ? "0\t\t"
    : `${reply.code}\t${escape(reply.enhanced ?? "")}\t${escapeJson(JSON.stringify(reply))}`;
  const why = "class" in data ? data.class : "";
  const kind = "kind" in data ? data.kind : "";
  return `${attempt}\t${escape(address ?? "")}\t${escape(pool)}\t${escape(provider)}\t` +
    `${escape(mx ?? "")}\t${answer}\t${why}\t${kind}`;
}
