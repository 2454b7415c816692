/** Figures over time, one line for each value of a dimension. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Series, SeriesQuestion } from "./analyses.ts";
import { ask } from "./ask.ts";
import { cells, SUMS } from "./cells.ts";
import { byColumn } from "./copy_cells.ts";
import { countIn, namedCounts } from "./counting.ts";
import { figures } from "./figures.ts";
import { BadQueryError } from "./port.ts";
import type { Tables } from "./tables.ts";

/** Points of all lines together. */
const MOST_POINTS = 20_000;
const COPIES = `${countIn("c.counts", "sent")} + ${countIn("c.counts", "blacklisted")}`;

/** @throws {BadQueryError} when that would be too many points */
export async function series(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { interval, groupBy, lines, ...scope }: SeriesQuestion,
): Promise<Series> {
  const by = byColumn(db, account, scope, { dimension: groupBy, slot: interval });
  const found = await cells(client, db, account, scope, by);
  const key = groupBy === undefined ? sql<string>`''` : sql<string>`c.key[1]`;
  let counted = found()
    .select([key.as("key"), "c.at", SUMS.as("counts")])
    .groupBy([sql`key`, "c.at"]).orderBy("c.at")
    .limit(MOST_POINTS + 1);
  if (groupBy !== undefined) {
    const busiest = found().select("c.key").groupBy("c.key")
      .orderBy(sql.raw(`sum(${COPIES})`), "desc").orderBy("c.key").limit(lines);
    counted = counted.where("c.key", "in", busiest);
  }
  const rows = await ask(client, counted);
  if (rows.length > MOST_POINTS) {
    throw new BadQueryError(
      `interval: more than ${MOST_POINTS} points; ask for a shorter time, for days or fewer lines`,
    );
  }
  const named = rows.map(({ counts, ...place }) => ({ ...place, counts: namedCounts(counts) }));
  const items = [...Map.groupBy(named, ({ key }) => key)].map(([key, points]) => ({
    key,
    sent: points.reduce((sum, { counts }) => sum + counts.sent + counts.blacklisted, 0),
    points: points.map(({ at, counts }) => ({ at, ...figures(counts) })),
  }));
  items.sort((a, b) => b.sent - a.sent || (a.key < b.key ? -1 : 1));
  return { items: items.map(({ key, points }) => ({ key, points })) };
}
