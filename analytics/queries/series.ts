/** Figures over time, one line for each value of a dimension. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Series, SeriesQuestion } from "./analyses.ts";
import { ask } from "./ask.ts";
import { COUNT_COLUMNS } from "./counting.ts";
import { type Counts, figures } from "./figures.ts";
import { BadQueryError } from "./port.ts";
import { scopedDeliveries } from "./scope.ts";
import { KEYS } from "./stats.ts";
import type { Tables } from "./tables.ts";

/** Points of all lines together. */
const MOST_POINTS = 20_000;

/** @throws {BadQueryError} when that would be too many points */
export async function series(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { interval, groupBy, lines, ...scope }: SeriesQuestion,
): Promise<Series> {
  const sent = scopedDeliveries(db, account, scope);
  const key = sql.raw<string>(groupBy === undefined ? "''" : KEYS[groupBy]);
  let counted = sent
    .select([key.as("key"), sql.raw<number>(KEYS[interval]).as("at"), ...COUNT_COLUMNS])
    .groupBy([sql`key`, sql`at`]).orderBy(sql`at`)
    .limit(MOST_POINTS + 1);
  if (groupBy !== undefined) {
    const busiest = sent.select(key.as("key")).groupBy(sql`key`)
      .orderBy(sql`count()`, "desc").orderBy(sql`key`).limit(lines);
    counted = counted.where(sql<boolean>`${key} IN (${busiest})`);
  }
  const rows = await ask(client, counted) as (Counts & { key: string; at: number })[];
  if (rows.length > MOST_POINTS) {
    throw new BadQueryError(
      `interval: more than ${MOST_POINTS} points; ask for a shorter time, for days or fewer lines`,
    );
  }
  const items = [...Map.groupBy(rows, (row) => row.key)].map(([key, points]) => ({
    key,
    sent: points.reduce((sum, { sent, blacklisted }) => sum + sent + blacklisted, 0),
    points: points.map(({ key: _, at, ...counts }) => ({ at, ...figures(counts) })),
  }));
  items.sort((a, b) => b.sent - a.sent || (a.key < b.key ? -1 : 1));
  return { items: items.map(({ key, points }) => ({ key, points })) };
}
