/** Figures and rates over the messages sent in a range. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Compilable, type Kysely, sql } from "kysely";
import type { Scope } from "./analyses.ts";
import { askCells, type CellTable, SUMS } from "./cells.ts";
import { byColumn } from "./copy_cells.ts";
import { countIn, namedCounts } from "./counting.ts";
import { figures } from "./figures.ts";
import { isTime } from "./keys.ts";
import { checkLimit, MOST } from "./limit.ts";
import type { Grouping, Stats } from "./port.ts";
import type { Tables } from "./tables.ts";

/** @throws {BadQueryError} for a limit that is none */
export async function stats(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { groupBy, limit = MOST, ...scope }: Scope & { groupBy?: Grouping; limit?: number },
): Promise<Stats> {
  checkLimit(limit);
  const asked = <Row>(
    by: Parameters<typeof byColumn>[3],
    question: (found: CellTable) => Compilable<Row>,
  ) => askCells(client, db, account, scope, byColumn(db, account, scope, by), question);
  if (groupBy === undefined) {
    const [all] = await asked({ slot: "all" }, (found) => found.select(SUMS.as("counts")));
    return { items: [], total: figures(namedCounts(all?.counts ?? [])) };
  }
  const ofTime = isTime(groupBy);
  const by = ofTime ? { slot: groupBy } : { dimension: groupBy, slot: "all" } as const;
  const rows = await asked(
    by,
    (found) =>
      found
        .select([
          sql.raw<string | number>(ofTime ? "c.at" : "c.key[1]").as("key"),
          SUMS.as("counts"),
          sql<number>`grouping(key)`.as("whole"),
        ])
        .groupBy(sql`GROUPING SETS ((key), ())`)
        // Times in their order, anything else with the most messages first.
        .orderBy("whole", "desc")
        .orderBy(sql.raw(ofTime ? "key" : countIn("counts", "sent")), ofTime ? "asc" : "desc")
        .orderBy(sql`key`)
        .limit(limit + 1),
  );
  // The first is that of all groups together.
  const [total, ...groups] = rows;
  return {
    items: groups.map(({ key, counts }) => ({
      key: ofTime ? new Date(key).toISOString() : String(key),
      ...figures(namedCounts(counts)),
    })),
    total: figures(namedCounts(total?.counts ?? [])),
  };
}
