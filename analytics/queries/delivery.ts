/** One delivery (account, message, recipient) as it stands now: what lists and figures start from. */
import { type Kysely, sql } from "kysely";
import { type Status, STATUSES, statusKey } from "@chappe/src/rules";
import { dayOf } from "../schema/day.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

export interface Range {
  /** Sent at or after, ms UTC. */
  from?: number;
  /** Sent before, ms UTC. */
  to?: number;
}

/**
 * The account's deliveries, folded; those whose `message.accepted` is not there (yet) left out.
 * `days` only narrows what is read: days come from message ids, given out a moment before `sent_at`.
 */
export function deliveries(db: Kysely<Tables>, account: string, days: Range) {
  let folded = db.selectFrom("deliveries")
    .where("account", "=", account)
    .groupBy(["account", "day", "message", "rcpt"])
    .select([
      "message",
      "rcpt",
      number("max(deliveries.status_key)", "status_key"),
      number("toUnixTimestamp64Milli(max(deliveries.sent_at))", "sent_at"),
      text("max(deliveries.recipient)", "recipient"),
      text("max(deliveries.domain)", "domain"),
      text("max(deliveries.kind)", "kind"),
      text("max(deliveries.sender)", "sender"),
      text("max(deliveries.subject)", "subject"),
      text("max(deliveries.campaign)", "campaign"),
      text("max(deliveries.billing_code)", "billing_code"),
      text("max(deliveries.customer_reference)", "customer_reference"),
      text("max(deliveries.headers)", "headers"),
      number("max(deliveries.delivered)", "delivered"),
      // Who clicked has opened, with or without the pixel (seed: "a ouvert l'e-mail et a cliqué").
      number("greatest(max(deliveries.opened), max(deliveries.clicked))", "opened"),
      number("max(deliveries.clicked)", "clicked"),
      number("max(deliveries.machine_opened)", "machine_opened"),
      number("max(deliveries.machine_clicked)", "machine_clicked"),
      number("max(deliveries.complained)", "complained"),
      number("max(deliveries.unsubscribed)", "unsubscribed"),
      number("argMaxMerge(deliveries.attempt)", "attempt"),
      text("argMaxMerge(deliveries.address)", "address"),
      text("argMaxMerge(deliveries.pool)", "pool"),
      text("argMaxMerge(deliveries.provider)", "provider"),
      text("argMaxMerge(deliveries.reply)", "reply"),
    ]);
  if (days.from !== undefined) {
    const first = dayOf(days.from - DAY);
    folded = folded.where((or) => or.or([or("day", ">=", first), or("day", "=", dayOf(0))]));
  }
  if (days.to !== undefined) folded = folded.where("day", "<=", dayOf(days.to + DAY));
  return folded;
}

/** As a table for an outer query, with the exact bounds of the range. */
export function sentDeliveries(db: Kysely<Tables>, account: string, range: Range) {
  let sent = db.selectFrom(deliveries(db, account, range).as("d")).where("d.sent_at", ">", 0);
  if (range.from !== undefined) sent = sent.where("d.sent_at", ">=", range.from);
  if (range.to !== undefined) sent = sent.where("d.sent_at", "<", range.to);
  return sent;
}

/** All keys of a status (rules/status), from and to. */
export function statusRange(status: Status): [number, number] {
  return [statusKey(status, 0), statusKey(status, STATUS_UNIT - 1)];
}

/** A status key is a multiple of this, plus the time. */
export const STATUS_UNIT = statusKey(STATUSES[0], 0);

function number<Name extends string>(expression: string, name: Name) {
  return sql.raw<number>(expression).as(name);
}
function text<Name extends string>(expression: string, name: Name) {
  return sql.raw<string>(expression).as(name);
}
