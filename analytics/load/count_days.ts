/** Counts the figures of days on which nothing happens any more (schema/0007_day_cells.sql). */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Compilable, sql } from "kysely";
import { ask, written } from "../queries/ask.ts";
import { createBuilder } from "../queries/compiler.ts";
import { OF_HITS } from "../queries/hit_cells.ts";
import { type Cluster, readingDatabase } from "../schema/cluster.ts";
import { databaseName } from "../schema/database.ts";
import { CELL_COLUMNS, copiesOf, hitsOf, wholeDays } from "./day_cells.ts";

export interface Place {
  client: ClickHouseClient;
  database: string;
  cluster: Cluster;
}

/** Days of one account and one week, as ClickHouse writes them. */
export interface StaleDays {
  account: string;
  days: string[];
}

const MOST_WEEKS = 200;
/** Copies of a large account's week are grouped on disk where they would take more memory. */
const SPILLING = { max_bytes_before_external_group_by: 256 * 2 ** 20 };

/** Days touched since they were counted, but not after commit `still`; the newest first, so many. */
export async function staleDays(place: Place, still: number): Promise<StaleDays[]> {
  const { client, database, cluster } = place;
  const db = createBuilder(readingDatabase(database, cluster));
  const stale = db.selectFrom("days").select(["account", "day"]).groupBy(["account", "day"])
    .having(sql<boolean>`max(counted) < max(touched) AND max(touched) <= ${still}`);
  return await ask(
    client,
    db.selectFrom(stale.as("s"))
      .select(["s.account", sql<string[]>`groupArray(s.day)`.as("days")])
      .groupBy(["s.account", sql`toMonday(s.day)`])
      .orderBy(sql`toMonday(s.day)`, "desc").orderBy("s.account").limit(MOST_WEEKS),
    { final: 0 },
  );
}

/**
 * Counts them and notes that they are. Broken off in between, they are stale as before.
 * @param seq last commit of which everything stands in `deliveries` and `hits`
 */
export async function countDays(place: Place, { account, days }: StaleDays, seq: number) {
  const { client, database, cluster } = place;
  const name = databaseName(database);
  const db = createBuilder(readingDatabase(database, cluster));
  const fill = async (rows: Compilable) => {
    const { query, query_params } = written(rows, SPILLING);
    const columns = CELL_COLUMNS.join(", ");
    const into = `INSERT INTO ${name}.day_cells (${columns}) ${query}`;
    await client.command({ query: into, query_params });
  };
  const of = { account, days, seq };
  await fill(copiesOf(db, of));
  for (const [dimension, perCopy] of OF_HITS) await fill(hitsOf(db, of, dimension, perCopy));
  await fill(wholeDays(db, of));
  await client.command({
    query: `INSERT INTO ${name}.days (account, day, touched, counted) ` +
      "SELECT {account:String}, arrayJoin({days:Array(Date)}), 0, {seq:UInt64}",
    query_params: { account, days, seq },
  });
}
