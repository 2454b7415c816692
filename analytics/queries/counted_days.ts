/** Which days of an account are counted as they stand now (schema/0006_day_counts.sql). */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Kysely } from "kysely";
import { ask } from "./ask.ts";
import { mayStandOn, type Range } from "./delivery.ts";
import type { Tables } from "./tables.ts";

/** Days of message ids, as ClickHouse writes them. */
export interface CountedDays {
  /** Counted up to commit `version`, and untouched since. */
  counted: { day: string; version: number }[];
  /** Those to be counted copy by copy. */
  open: string[];
}

export async function countedDays(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  range: Range,
): Promise<CountedDays> {
  // Folded and chosen here: the engine takes longer to plan for that than to read the few rows.
  const rows = await ask(
    client,
    db.selectFrom("days").where("account", "=", account).select(["day", "touched", "counted"]),
    { final: 0 },
  );
  const days = new Map<string, { touched: number; counted: number }>();
  for (const { day, touched, counted } of rows) {
    const known = days.get(day) ?? { touched: 0, counted: 0 };
    days.set(day, {
      touched: Math.max(known.touched, touched),
      counted: Math.max(known.counted, counted),
    });
  }
  const found: CountedDays = { counted: [], open: [] };
  for (const [day, { touched, counted }] of days) {
    if (!mayStandOn(day, range)) continue;
    if (counted > 0 && counted >= touched) found.counted.push({ day, version: counted });
    else found.open.push(day);
  }
  return found;
}
