/** Figures over time, one line for each value of a dimension. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Series, SeriesQuestion } from "./analyses.ts";
import { askCells, type CellTable, SUMS } from "./cells.ts";
import { byColumn } from "./copy_cells.ts";
import { countIn, namedCounts } from "./counting.ts";
import { figures } from "./figures.ts";
import { BadQueryError } from "./port.ts";
import type { Tables } from "./tables.ts";

/** Points of all lines together. */
const MOST_POINTS = 20_000;
const COPIES = `${countIn("p.counts", "sent")} + ${countIn("p.counts", "blacklisted")}`;

/** @throws {BadQueryError} when that would be too many points */
export async function series(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { interval, groupBy, lines, ...scope }: SeriesQuestion,
): Promise<Series> {
  const by = byColumn(db, account, scope, { dimension: groupBy, slot: interval });
  const key = groupBy === undefined ? sql<string>`''` : sql<string>`c.key[1]`;
  const pointsOf = (found: CellTable) =>
    found
      .select([key.as("line"), "c.at", SUMS.as("counts")])
      .groupBy(["line", "c.at"]);
  const rows = await askCells(
    client,
    db,
    account,
    scope,
    by,
    (found) =>
      db.selectFrom(pointsOf(found).as("p"))
        .select([
          "p.line as key",
          sql.raw<number>(`sum(${COPIES})`).as("sent"),
          sql<[number, number[]][]>`groupArray(${sql.lit(MOST_POINTS + 1)})((p.at, p.counts))`
            .as("points"),
        ])
        .groupBy("p.line").orderBy("sent", "desc").orderBy("key")
        .limit(groupBy === undefined ? 1 : lines),
  );
  if (rows.reduce((sum, { points }) => sum + points.length, 0) > MOST_POINTS) {
    throw new BadQueryError(
      `interval: more than ${MOST_POINTS} points; ask for a shorter time, for days or fewer lines`,
    );
  }
  return {
    items: rows.map(({ key, points }) => ({
      key,
      points: points.sort(([a], [b]) => a - b)
        .map(([at, counts]) => ({ at, ...figures(namedCounts(counts)) })),
    })),
  };
}
