/** How far ClickHouse mirrors the log. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Cluster, syncReplica } from "../schema/cluster.ts";
import { databaseName } from "../schema/database.ts";

export interface Head {
  /** Last commit that is, or was, in `facts`; 0 when none is. */
  seq: number;
  /** First commit of the insert that brought it. */
  batch: number;
}

/** @param cluster on which a server must not answer before it has what another of its shard took */
export async function readHead(
  client: ClickHouseClient,
  database: string,
  cluster: Cluster = null,
): Promise<Head> {
  for (const table of ["facts", "heads"]) {
    await syncReplica(client, `${databaseName(database)}.${table}`, cluster);
  }
  const result = await client.query({
    query: `SELECT max(seq), max(batch) FROM (
      SELECT max(seq) AS seq, max(batch) AS batch FROM ${databaseName(database)}.facts
      UNION ALL SELECT max(seq), max(batch) FROM ${databaseName(database)}.heads)`,
    format: "JSONCompactEachRow",
  });
  const [[seq, batch] = [0, 0]] = await result.json<[string | number, string | number]>();
  return { seq: Number(seq), batch: Number(batch) };
}

/** Notes it where it stays when rows of `facts` expire. */
export async function noteHead(
  client: ClickHouseClient,
  database: string,
  { seq, batch }: Head,
): Promise<void> {
  if (seq === 0) return;
  await client.command({
    query: `INSERT INTO ${databaseName(database)}.heads SELECT ${Math.trunc(seq)}, ` +
      `${Math.trunc(batch)}`,
  });
}
