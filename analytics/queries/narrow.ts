/**
 * Days, or copies, among which what is asked for can lie, found by an index
 * (schema/0008_days_by_index.sql). They are looked for among rows as they stand, not folded: what is
 * true of a folded row, here is true of one of those it is folded from. So none is missed, and folding
 * whole days, or all rows of a copy, stays right.
 */
import { type Kysely, type RawBuilder, sql } from "kysely";
import { onDays, type Range } from "./delivery.ts";
import type { Condition, Filter } from "./filter.ts";
import type { MessageFilter } from "./port.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;
/** ms. Shorter ranges are sooner read whole. */
const LONG = 8 * DAY;
/** ms. Copies hit in a shorter time are few enough to be found one by one. */
const SHORT = 2 * DAY;

type Bool = RawBuilder<boolean>;

/** What is true of some row before it is folded. */
interface OnRows {
  holds: Bool;
  /** Of whole days, or of few copies. */
  of: "days" | "copies";
}

/** The condition that a folded `d` or `h` stands on a day of the campaign. */
export function onCampaignDays(
  db: Kysely<Tables>,
  table: "deliveries" | "hits",
  account: string,
  campaign: string,
  range: Range,
): Bool {
  return among(db, table, account, ofCampaign(campaign), range);
}

/** Conditions that deliveries `d` which the filter lets through fulfil anyway. */
export function narrowing(db: Kysely<Tables>, account: string, filter: MessageFilter): Bool[] {
  const { campaign, where } = filter;
  const holding = where === undefined
    ? []
    : together(where).map(onRowsOf).filter((c) => c !== null);
  if (campaign !== undefined) holding.push(ofCampaign(campaign));
  // Two narrow enough, however many there are.
  return holding.slice(0, 2).map((onRows) => among(db, "deliveries", account, onRows, filter));
}

function among(
  db: Kysely<Tables>,
  table: "deliveries" | "hits",
  account: string,
  { holds, of }: OnRows,
  range: Range,
): Bool {
  const { from = -Infinity, to = Infinity } = range;
  if (to - from < LONG) return sql`true`;
  const found = onDays(db.selectFrom(table).where("account", "=", account), range).where(holds);
  const unfolded = sql`SETTINGS final = 0`;
  const name = sql.raw(table === "hits" ? "h" : "d");
  return of === "days"
    ? sql`${name}.day IN (${found.select("day").distinct().modifyEnd(unfolded)})`
    : sql`(${name}.day, ${name}.message) IN (${
      found.select(["day", "message"]).modifyEnd(unfolded)
    })`;
}

/** Conditions that must all be true for the filter to be. */
function together(filter: Filter): Condition[] {
  if ("and" in filter) return filter.and.flatMap(together);
  return "or" in filter || "not" in filter ? [] : [filter];
}

const ofCampaign = (campaign: unknown): OnRows => ({
  holds: sql`campaign = ${campaign}`,
  of: "days",
});

/** What is then true of some row before it is folded; null where no index helps. */
function onRowsOf({ field, operator, value }: Condition): OnRows | null {
  if (field === "campaign") return operator === "eq" ? ofCampaign(value) : null;
  if (field !== "openedAt" && field !== "clickedAt") return null;
  const least = leastOf(operator, value);
  if (least === null) return null;
  // That hit's mark (schema/0004_hits.sql) is among the row's.
  const holds = sql<boolean>`arrayMax(human) >= bitShiftLeft(toUInt64(${least}), 20)`;
  const most = operator === "between" ? (value as number[])[1]! : least;
  const isShort = (operator === "between" || operator === "eq") && most - least <= SHORT;
  if (!isShort) return { holds, of: "days" };
  const isWithin = sql`mark -> bitShiftRight(mark, 20) BETWEEN ${least} AND ${most}`;
  return { holds: sql`(${holds} AND arrayExists(${isWithin}, human))`, of: "copies" };
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
