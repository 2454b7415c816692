/**
 * Days on which what is asked for can lie, found by an index (schema/0008_days_by_index.sql). They are
 * looked for among rows as they stand, not folded: what is true of a folded row, here is true of one
 * of those it is folded from. So no day is missed, and folding whole days stays right.
 */
import { type Kysely, type RawBuilder, sql } from "kysely";
import { onDays, type Range } from "./delivery.ts";
import type { Condition, Filter } from "./filter.ts";
import type { MessageFilter } from "./port.ts";
import type { Tables } from "./tables.ts";

/** ms. Shorter ranges are sooner read whole. */
const LONG = 8 * 86_400_000;

type Bool = RawBuilder<boolean>;

/** The condition that a folded `d` or `h` stands on a day of the campaign. */
export function onCampaignDays(
  db: Kysely<Tables>,
  table: "deliveries" | "hits",
  account: string,
  campaign: string,
  range: Range,
): Bool {
  return onDaysWith(db, table, account, sql`campaign = ${campaign}`, range);
}

/** Conditions that deliveries `d` which the filter lets through fulfil anyway. */
export function narrowing(db: Kysely<Tables>, account: string, filter: MessageFilter): Bool[] {
  const { campaign, where } = filter;
  const holding = where === undefined
    ? []
    : together(where).map(onRowsOf).filter((c) => c !== null);
  if (campaign !== undefined) holding.push(sql`campaign = ${campaign}`);
  // Two narrow enough, however many there are.
  return holding.slice(0, 2).map((holds) => onDaysWith(db, "deliveries", account, holds, filter));
}

function onDaysWith(
  db: Kysely<Tables>,
  table: "deliveries" | "hits",
  account: string,
  holds: Bool,
  range: Range,
): Bool {
  const { from = -Infinity, to = Infinity } = range;
  if (to - from < LONG) return sql`true`;
  const days = onDays(db.selectFrom(table).where("account", "=", account), range)
    .where(holds).select("day").distinct()
    .modifyEnd(sql`SETTINGS final = 0`);
  return sql`${sql.raw(table === "hits" ? "h" : "d")}.day IN (${days})`;
}

/** Conditions that must all be true for the filter to be. */
function together(filter: Filter): Condition[] {
  if ("and" in filter) return filter.and.flatMap(together);
  return "or" in filter || "not" in filter ? [] : [filter];
}

/** What is then true of some row before it is folded; null where no index helps. */
function onRowsOf({ field, operator, value }: Condition): Bool | null {
  if (field === "campaign") return operator === "eq" ? sql`campaign = ${value}` : null;
  if (field !== "openedAt" && field !== "clickedAt") return null;
  const least = leastOf(operator, value);
  // That hit's mark (schema/0004_hits.sql) is among the row's.
  return least === null ? null : sql`arrayMax(human) >= bitShiftLeft(toUInt64(${least}), 20)`;
}

/** Before this it is not true of any time, ms; null: unknown. */
function leastOf(operator: Condition["operator"], value: Condition["value"]): number | null {
  switch (operator) {
    case "eq":
    case "gt":
    case "gte":
      return Math.max(0, value as number);
    case "between":
      return Math.max(0, (value as number[])[0]!);
    default:
      return null;
  }
}
