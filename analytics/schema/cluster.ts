/**
 * The schema on a cluster: what makes, changes or drops something does so ON CLUSTER, tables are
 * replicated, and a second database `<name>_all` shows those of all shards as one. The loader inserts
 * into the shard that its URL leads to.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "./database.ts";

/** Name of the cluster in ClickHouse's configuration; null: a single server. */
export type Cluster = string | null;

/** Stands after the name in a statement that all servers are to run; nothing on a single one. */
export function onCluster(cluster: Cluster): string {
  return cluster === null ? "" : ` ON CLUSTER ${databaseName(cluster)}`;
}

/** What readers ask: FINAL and GROUP BY come out right, for all rows of a key stand in one shard. */
export function readingDatabase(database: string, cluster: Cluster): string {
  return cluster === null ? database : databaseName(`${database}_all`);
}

/** Names as statements of ours have them: `database.table`, or a database alone. */
const NAME = "[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*)?";
const AFTER_NAME = new RegExp(
  `^\\s*(?:CREATE (?:DATABASE|TABLE|MATERIALIZED VIEW)(?: IF NOT EXISTS)?|ALTER TABLE|` +
    `DROP (?:DATABASE|TABLE|VIEW)(?: IF EXISTS)?) ${NAME}`,
);
const AT_END = /^\s*(?:EXCHANGE TABLES|RENAME TABLE) /;

/** One statement as the cluster is told it; as it is without a cluster, or where it concerns rows. */
export function clustered(statement: string, cluster: Cluster): string {
  if (cluster === null) return statement;
  const on = onCluster(cluster);
  if (AT_END.test(statement)) return `${statement}${on}`;
  return statement.replace(AFTER_NAME, (head) => `${head}${on}`)
    .replace(/\bENGINE = (\w*MergeTree)\b/, "ENGINE = Replicated$1");
}

const SHOWN = ["facts", "deliveries", "hits", "suppressions", "heads", "days", "day_cells"];

/** Statements that make the tables named, or make them again, show those of all shards. */
export function distributed(
  database: string,
  cluster: string,
  names: readonly string[] = SHOWN,
): string[] {
  const all = readingDatabase(database, cluster);
  const on = onCluster(cluster);
  return [
    `CREATE DATABASE IF NOT EXISTS ${all}${on}`,
    ...names.map((name) =>
      `CREATE OR REPLACE TABLE ${all}.${name}${on} AS ${database}.${name} ` +
      `ENGINE = Distributed(${databaseName(cluster)}, ${database}, ${name})`
    ),
  ];
}

/** Makes those that are not there, or have other columns than the tables that they show. */
export async function makeDistributed(
  client: ClickHouseClient,
  database: string,
  cluster: Cluster,
) {
  if (cluster === null) return;
  const result = await client.query({
    query: `SELECT table FROM system.columns
      WHERE database IN ({database:String}, {all:String}) AND table IN ({shown:Array(String)})
      GROUP BY table HAVING
        arraySort(groupArrayIf((name, type), database = {database:String})) !=
        arraySort(groupArrayIf((name, type), database = {all:String}))`,
    query_params: { database, all: readingDatabase(database, cluster), shown: SHOWN },
    format: "JSONCompactEachRow",
  });
  const differing = (await result.json<[string]>()).flat();
  if (differing.length === 0) return;
  for (const query of distributed(database, cluster, differing)) await client.command({ query });
}

/** On a cluster: waits until this server has all rows of the table that others of its shard took. */
export async function syncReplica(
  client: ClickHouseClient,
  table: string,
  cluster: Cluster,
): Promise<void> {
  if (cluster === null) return;
  await client.command({ query: `SYSTEM SYNC REPLICA ${table} LIGHTWEIGHT` });
}
