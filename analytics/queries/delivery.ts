/** One delivery (account, message, recipient) as it stands now: what lists and figures start from. */
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { type Status, STATUSES, statusKey } from "@chappe/src/rules";
import { dayOf } from "../schema/day.ts";
import { MOST_MARKS } from "./marks.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

export interface Range {
  /** Sent at or after, ms UTC. */
  from?: number;
  /** Sent before, ms UTC. */
  to?: number;
}

/**
 * The account's deliveries; those whose `message.accepted` is not there (yet) have `sent_at` 0. To be
 * read with FINAL (ask.ts). `days` only narrows what is read: days come from message ids, given out a
 * moment before `sent_at`.
 */
export function deliveries(db: Kysely<Tables>, account: string, days: Range) {
  return onDays(db.selectFrom("deliveries").where("account", "=", account), days)
    .select([
      "day",
      "message",
      "rcpt",
      // What several of the others are worked out from: named, it is planned once.
      sql.raw<number[]>(HUMAN).as("human_marks"),
      sql.raw<number[]>(MACHINE).as("machine_marks"),
      number(HIT_KEY, "hit_key"),
      // As if no hit had been revoked: never less.
      number("deliveries.hit_status_key", "unrevised_key"),
      number("greatest(deliveries.status_key, hit_key)", "status_key"),
      // For marks.ts, which works out the same of the rows of a page.
      number("deliveries.status_key", "said_key"),
      number("greatest(length(deliveries.human), length(deliveries.revoked))", "marks"),
      few("human"),
      few("revoked"),
      number("toUnixTimestamp64Milli(deliveries.sent_at)", "sent_at"),
      text("deliveries.recipient", "recipient"),
      text("deliveries.domain", "domain"),
      text("deliveries.kind", "kind"),
      text("deliveries.sender", "sender"),
      text("deliveries.subject", "subject"),
      text("deliveries.campaign", "campaign"),
      text("deliveries.billing_code", "billing_code"),
      text("deliveries.customer_reference", "customer_reference"),
      text("deliveries.headers", "headers"),
      number("deliveries.delivered", "delivered"),
      // Who clicked has opened, with or without the pixel (seed: "a ouvert l'e-mail et a cliqué").
      number("hit_key > 0", "opened"),
      number(`hit_key >= ${statusKey("clicked", 0)}`, "clicked"),
      // How many hits people made, and when the first came (ms UTC; 0: none).
      number(`arrayCount(${OPEN}, human_marks)`, "opens"),
      number(`arrayCount(${CLICK}, human_marks)`, "clicks"),
      number(timeOf("arrayMin(human_marks)"), "opened_at"),
      number(timeOf(`arrayMin(arrayFilter(${CLICK}, human_marks))`), "clicked_at"),
      number(
        `deliveries.machine_opened OR arrayExists(${OPEN}, deliveries.revoked)`,
        "machine_opened",
      ),
      number(
        `deliveries.machine_clicked OR arrayExists(${CLICK}, deliveries.revoked)`,
        "machine_clicked",
      ),
      number(`arrayCount(${OPEN}, machine_marks)`, "machine_opens"),
      number(`arrayCount(${CLICK}, machine_marks)`, "machine_clicks"),
      number("deliveries.complained", "complained"),
      number("deliveries.unsubscribed", "unsubscribed"),
      number("deliveries.attempt", "attempt"),
      text(ofLastAttempt("address"), "address"),
      text(ofLastAttempt("pool"), "pool"),
      text(ofLastAttempt("provider"), "provider"),
      text(ofLastAttempt("class"), "class"),
      text(ofLastAttempt("reply"), "reply"),
      text("deliveries.name", "name"),
      sql.raw<Record<string, string>>("deliveries.fields").as("fields"),
    ]);
}

/** Marks as texts; none where a copy has more than {@link MOST_MARKS}. */
const few = <Name extends "human" | "revoked">(name: Name) =>
  sql.raw<string[]>(
    `CAST(if(length(deliveries.${name}) > ${MOST_MARKS}, [], deliveries.${name}), 'Array(String)')`,
  ).as(`${name}_texts` as const);

/** Rows of the days on which a copy sent in the range may stand. */
export function onDays<T extends "deliveries" | "hits">(
  rows: SelectQueryBuilder<Tables, T, object>,
  { from, to }: Range,
) {
  if (from !== undefined) {
    rows = rows.where(sql<boolean>`(day >= ${dayOf(from - DAY)} OR day = ${dayOf(0)})`);
  }
  if (to !== undefined) rows = rows.where(sql<boolean>`day <= ${dayOf(to + DAY)}`);
  return rows;
}

/** Whether a copy sent in the range may be of this day, as ClickHouse writes it. */
export function mayStandOn(day: string, { from, to }: Range): boolean {
  return (from === undefined || day >= dayOf(from - DAY) || day === dayOf(0)) &&
    (to === undefined || day <= dayOf(to + DAY));
}

/** Whether a mark (schema/0004_hits.sql) is of an open, of a click; and its time, ms UTC. */
const OPEN = "mark -> NOT bitTest(mark, 19)";
const CLICK = "mark -> bitTest(mark, 19)";
const timeOf = (mark: string) => `bitShiftRight(${mark}, 20)`;

/** Marks of hits that count as human; as a machine's. Few deliveries have a hit that was revoked. */
const REVOKED = "notEmpty(deliveries.revoked)";
const HUMAN = `if(${REVOKED}, arrayFilter(mark -> NOT has(deliveries.revoked, mark), ` +
  "deliveries.human), deliveries.human)";
const MACHINE = `if(${REVOKED}, arrayDistinct(arrayConcat(deliveries.machine, ` +
  "deliveries.revoked)), deliveries.machine)";

/** The status key that hits argue for; 0 for none. */
const HIT_KEY = `if(${REVOKED}, multiIf(
    arrayExists(${CLICK}, human_marks),
    ${statusKey("clicked", 0)} + ${timeOf(`arrayMax(arrayFilter(${CLICK}, human_marks))`)},
    notEmpty(human_marks),
    ${statusKey("opened", 0)} + ${timeOf(`arrayMax(human_marks)`)},
    0), deliveries.hit_status_key)`;

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

/** Values of the last attempt stand behind 8 bytes that order attempts. */
function ofLastAttempt(column: string): string {
  return `substring(deliveries.${column}, 9)`;
}
