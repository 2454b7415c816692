/** Which days of an account are counted as they stand now (schema/0006_day_counts.sql). */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import { onDays, type Range } from "./delivery.ts";
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
  const rows = await ask(
    client,
    onDays(db.selectFrom("days").where("account", "=", account), range)
      .select([
        "day",
        sql<number>`max(touched)`.as("last"),
        sql<number>`max(counted)`.as("version"),
      ])
      .groupBy("day").orderBy("day"),
    { final: 0 },
  );
  const [counted, open]: [CountedDays["counted"], string[]] = [[], []];
  for (const { day, last, version } of rows) {
    if (version > 0 && version >= last) counted.push({ day, version });
    else open.push(day);
  }
  return { counted, open };
}
