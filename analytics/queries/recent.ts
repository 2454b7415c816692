/** Lists with the newest first seldom need more than the last days: those are tried first. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import type { Cursor } from "./cursor.ts";
import type { MessageFilter } from "./port.ts";
import type { Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

/**
 * Values for `filter.from`, each wider than the one before, the last as asked for. A page that one of
 * them fills is the page: whatever is older comes after it anyway.
 */
export async function lowerBounds(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  sort: Sort,
  cursor: Cursor | undefined,
): Promise<(number | undefined)[]> {
  const { from, to } = filter;
  if (sort.name !== "-sentAt") return [from];
  const given = cursor?.value ?? to;
  const days = given === undefined ? await daysOf(client, db, account) : undefined;
  const end = Number(given ?? days!.newest + DAY);
  // Before the day of the oldest there is nothing: no reason to try twice.
  const least = Math.max(from ?? -Infinity, days?.oldest ?? -Infinity);
  return [...[end - DAY, end - 31 * DAY].filter((bound) => bound > least), from];
}

/** Starts of the days of the account's oldest and newest message, ms UTC; 0 without any. */
async function daysOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
): Promise<{ oldest: number; newest: number }> {
  const start = (day: string) => sql.raw<number>(`toInt64(toUnixTimestamp(${day})) * 1000`);
  const [row] = await ask(
    client,
    db.selectFrom("days").where("account", "=", account)
      .select([start("min(day)").as("oldest"), start("max(day)").as("newest")]),
    { final: 0 },
  );
  return row!;
}
