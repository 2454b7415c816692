/** When mail was sent, by day of the week and hour, and how it was received. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Scope, SendingHour } from "./analyses.ts";
import { askCells, SUMS } from "./cells.ts";
import { byColumn } from "./copy_cells.ts";
import { namedCounts } from "./counting.ts";
import type { Tables } from "./tables.ts";
import { timezoneOf } from "./timezone.ts";

/** @throws {BadQueryError} for a time zone that is none */
export async function sendingHours(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { timezone = "UTC", ...scope }: Scope & { timezone?: string },
): Promise<SendingHour[]> {
  const zone = timezoneOf(timezone);
  // Where hours begin differs between zones by quarters of an hour.
  const by = byColumn(db, account, scope, { slot: "quarter" });
  const local = sql`fromUnixTimestamp64Milli(toInt64(c.at), ${zone})`;
  const rows = await askCells(client, db, account, scope, by, (found) =>
    found.select([
      sql<number>`toDayOfWeek(${local})`.as("weekday"),
      sql<number>`toHour(${local})`.as("hour"),
      SUMS.as("counts"),
    ]).groupBy(["weekday", "hour"]).orderBy("weekday").orderBy("hour"));
  return rows.map(({ weekday, hour, counts }) => {
    const { sent, opened, clicked } = namedCounts(counts);
    return { weekday, hour, sent, opened, clicked };
  });
}
