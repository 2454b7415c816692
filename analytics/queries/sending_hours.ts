/** When mail was sent, by day of the week and hour, and how it was received. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Scope, SendingHour } from "./analyses.ts";
import { ask } from "./ask.ts";
import { standing } from "./counting.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Tables } from "./tables.ts";
import { timezoneOf } from "./timezone.ts";

/** @throws {BadQueryError} for a time zone that is none */
export async function sendingHours(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { timezone = "UTC", ...scope }: Scope & { timezone?: string },
): Promise<SendingHour[]> {
  const local = sql`fromUnixTimestamp64Milli(toInt64(d.sent_at), ${timezoneOf(timezone)})`;
  return await ask(
    client,
    scopedDeliveries(db, account, scope).select([
      sql<number>`toDayOfWeek(${local})`.as("weekday"),
      sql<number>`toHour(${local})`.as("hour"),
      sql.raw<number>(`count() - ${standing("blacklisted")}`).as("sent"),
      sql<number>`sum(d.opened)`.as("opened"),
      sql<number>`sum(d.clicked)`.as("clicked"),
    ]).groupBy(["weekday", "hour"]).orderBy("weekday").orderBy("hour"),
  );
}
