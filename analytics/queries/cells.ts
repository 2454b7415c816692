/**
 * Counts of the copies sent in a range, by a dimension and by time: of days that stand still as they
 * were counted once, of other days, and of the pieces of hours at the ends of the range, copy by copy.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { dayOf } from "../schema/day.ts";
import type { Dimension, Scope } from "./analyses.ts";
import { COUNT_ARRAY } from "./counting.ts";
import { type CountedDays, countedDays } from "./counted_days.ts";
import { DIMENSIONS, type Slot, SLOTS, startOf } from "./keys.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Tables } from "./tables.ts";

const DAY = SLOTS.day;
const HOUR = SLOTS.hour;

interface By {
  dimension?: Dimension;
  slot: Slot;
}

/** To be summed up: several rows may be of one `key` and `at`. */
interface Cell {
  /** Empty without a dimension. */
  key: string;
  /** Start of the slot, ms UTC. */
  at: number;
  counts: number[];
}

/** Sums of the cells `c`, element by element. */
export const SUMS = sql<number[]>`sumForEach(c.counts)`;

/** As table `c`: a new query over the cells each time it is called. */
export async function cells(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  by: By,
) {
  const stored = storedAs(scope, by);
  const days = stored === null ? null : await countedDays(client, db, account, scope);
  return () => db.selectFrom(union().as("c"));

  function union() {
    if (stored === null || days === null || days.counted.length === 0) {
      return live(db, account, scope, by);
    }
    const { from, to } = wholeHours(scope);
    const settled = ofDays(db, account, { ...stored, from, to }, by, days);
    const rest = openOf(scope, days);
    if (rest === null) return settled;
    return settled.unionAll(live(db, account, scope, by).where(rest));
  }
}

interface Stored {
  dimension: string;
  /** The only one asked for. */
  key?: string;
}

/** Where what is asked for is counted by day; null: nowhere. */
function storedAs({ campaign, message }: Scope, { dimension, slot }: By): Stored | null {
  if (message !== undefined) return null;
  if (campaign === undefined) {
    // Quarters are counted of all copies together only.
    if (dimension !== undefined && slot === "quarter") return null;
    return { dimension: dimension === undefined ? "" : DIMENSIONS[dimension] };
  }
  if ((dimension !== undefined && dimension !== "campaign") || slot === "quarter") return null;
  return { dimension: DIMENSIONS.campaign, key: campaign };
}

function live(db: Kysely<Tables>, account: string, scope: Scope, { dimension, slot }: By) {
  const key = dimension === undefined ? "''" : `toString(d.${DIMENSIONS[dimension]})`;
  return scopedDeliveries(db, account, scope)
    .select([
      sql.raw<string>(key).as("key"),
      sql.raw<number>(startOf(slot, "d.sent_at")).as("at"),
      COUNT_ARRAY.as("counts"),
    ])
    .groupBy([sql`key`, sql`at`]).$castTo<Cell>();
}

function ofDays(
  db: Kysely<Tables>,
  account: string,
  { dimension, key, from, to }: Stored & { from?: number; to?: number },
  by: By,
  { counted }: CountedDays,
) {
  const versions = counted.map(({ day, version }) => sql`(${sql.lit(day)}, ${sql.lit(version)})`);
  const at = startOf(by.slot, "(toInt64(toUnixTimestamp(slot)) * 1000)");
  let found = db.selectFrom("day_counts")
    .where("account", "=", account).where("dimension", "=", dimension)
    .where(sql<boolean>`(day, version) IN (${sql.join(versions)})`)
    .select([
      (by.dimension === undefined ? sql<string>`''` : sql<string>`day_counts.key`).as("key"),
      sql.raw<number>(at).as("at"),
      "counts",
    ]);
  if (key !== undefined) found = found.where(sql<boolean>`day_counts.key = ${key}`);
  if (from !== undefined) {
    found = found.where(sql<boolean>`toUnixTimestamp(slot) >= ${from / 1000}`);
  }
  if (to !== undefined) found = found.where(sql<boolean>`toUnixTimestamp(slot) < ${to / 1000}`);
  return found.$castTo<Cell>();
}

/** The range without the pieces of hours at its ends. */
function wholeHours({ from, to }: Scope): { from?: number; to?: number } {
  return {
    from: from === undefined ? undefined : Math.ceil(from / HOUR) * HOUR,
    to: to === undefined ? undefined : Math.floor(to / HOUR) * HOUR,
  };
}

/** Copies in the scope that are to be looked at one by one; null: none. */
function openOf(scope: Scope, { open }: CountedDays) {
  const whole = wholeHours(scope);
  const parts = open.length === 0 ? [] : [sql<boolean>`d.day IN (${sql.join(open.map(sql.lit))})`];
  if (whole.from !== scope.from) {
    parts.push(sql`(d.sent_at < ${whole.from} AND ${near(scope.from!)})`);
  }
  if (whole.to !== scope.to) parts.push(sql`(d.sent_at >= ${whole.to} AND ${near(scope.to!)})`);
  return parts.length === 0 ? null : sql<boolean>`(${sql.join(parts, sql` OR `)})`;
}

/** Days of which a copy sent within an hour of `time` may be (deliveries()). */
function near(time: number) {
  return sql`(d.day BETWEEN ${dayOf(time - DAY)} AND ${dayOf(time + DAY)} OR d.day = ${dayOf(0)})`;
}
