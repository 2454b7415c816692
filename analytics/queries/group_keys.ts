/** What groups of a list are told apart by. */
import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Field } from "./fields.ts";
import type { Tables } from "./tables.ts";

export interface GroupRow {
  key: string | number;
  count: number;
  /** Of a day that begins at `key`; 0 for what is no day. */
  end: number;
}
export type GroupQuery = SelectQueryBuilder<Tables, never, GroupRow>;

/** What stands for no time among days. */
export const NO_DAY = -1;

/** Of its value, SQL. Times are grouped by day. */
export function keyOf(field: Field, timezone: string): RawBuilder<string | number> {
  const value = sql.raw<string | number>(field.sql);
  if (field.kind !== "time") return value;
  const day = sql`toStartOfDay(fromUnixTimestamp64Milli(toInt64(${value}), ${timezone}))`;
  const start = sql<number>`toInt64(toUnixTimestamp(${day})) * 1000`;
  return field.absent === undefined
    ? start
    : sql<number>`if(${value} = ${sql.lit(field.absent)}, ${sql.lit(NO_DAY)}, ${start})`;
}

/** When a day ends, which begins at `key`; 0 for what is no day. */
export function endOf(field: Field, timezone: string): RawBuilder<number> {
  if (field.kind !== "time") return sql<number>`0`;
  const next = sql`addDays(toDateTime(intDiv(key, 1000), ${timezone}), 1)`;
  return sql<number>`toInt64(toUnixTimestamp(${next})) * 1000`;
}
