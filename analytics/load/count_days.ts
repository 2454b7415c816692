/** Counts the figures of days on which nothing happens any more (schema/0006_day_counts.sql). */
import type { ClickHouseClient } from "@clickhouse/client";
import { sql } from "kysely";
import { ask, written } from "../queries/ask.ts";
import { createBuilder } from "../queries/compiler.ts";
import { COUNT_ARRAY } from "../queries/counting.ts";
import { deliveries } from "../queries/delivery.ts";
import { DIMENSIONS, SLOTS } from "../queries/keys.ts";
import { type Cluster, readingDatabase } from "../schema/cluster.ts";
import { databaseName } from "../schema/database.ts";

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
 * @param seq last commit of which everything stands in `deliveries`
 */
export async function countDays(place: Place, { account, days }: StaleDays, seq: number) {
  const { client, database, cluster } = place;
  const name = databaseName(database);
  const db = createBuilder(readingDatabase(database, cluster));
  const pairs = ["('', '')"].concat(
    Object.values(DIMENSIONS).map((column) => `('${column}', toString(d.${column}))`),
  );
  const length = `if(cell.1 = '', ${SLOTS.quarter}, ${SLOTS.hour})`;
  const counted = db.selectFrom(deliveries(db, account, {}).as("d"))
    .where("d.day", "in", days).where("d.sent_at", ">", 0)
    .select([
      "d.day as day",
      sql.raw<[string, string]>(`arrayJoin([${pairs.join(", ")}])`).as("cell"),
      sql.raw<number>(`intDiv(d.sent_at, ${length}) * intDiv(${length}, 1000)`).as("slot"),
      COUNT_ARRAY.as("counts"),
    ])
    .groupBy([sql`day`, sql`cell`, sql`slot`]);
  const rows = db.selectFrom(counted.as("n")).select([
    sql<string>`${account}`.as("account"),
    sql<string>`n.cell.1`.as("dimension"),
    "n.day",
    sql<string>`n.cell.2`.as("key"),
    sql<string>`toDateTime(n.slot, 'UTC')`.as("slot"),
    sql<number>`toUInt64(${seq})`.as("version"),
    "n.counts",
  ]);
  const { query, query_params } = written(rows);
  await client.command({
    query: `INSERT INTO ${name}.day_counts (account, dimension, day, key, slot, version, counts) ` +
      query,
    query_params,
  });
  await client.command({
    query: `INSERT INTO ${name}.days (account, day, touched, counted) ` +
      "SELECT {account:String}, arrayJoin({days:Array(Date)}), 0, {seq:UInt64}",
    query_params: { account, days, seq },
  });
}
