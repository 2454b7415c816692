/**
 * The schema on a cluster: what makes, changes or drops something does so ON CLUSTER, tables are
 * replicated, and a second database `<name>_all` shows those of all shards as one. The loader inserts
 * into the shard that its URL leads to.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "./database.ts";

/** Name of the cluster in ClickHouse's configuration; null: a single server. */
export type Cluster = string | null;

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
  const on = ` ON CLUSTER ${databaseName(cluster)}`;
  if (AT_END.test(statement)) return `${statement}${on}`;
  return statement.replace(AFTER_NAME, (head) => `${head}${on}`)
    .replace(/\bENGINE = (\w*MergeTree)\b/, "ENGINE = Replicated$1");
}

const SHOWN = ["facts", "deliveries", "hits", "suppressions", "heads", "days", "day_cells"];

/** Statements that make the tables of all shards readable as one. */
export function distributed(database: string, cluster: string): string[] {
  const all = readingDatabase(database, cluster);
  return [
    `CREATE DATABASE IF NOT EXISTS ${all}`,
    ...SHOWN.map((name) =>
      `CREATE TABLE IF NOT EXISTS ${all}.${name} AS ${database}.${name} ` +
      `ENGINE = Distributed(${databaseName(cluster)}, ${database}, ${name})`
    ),
  ].map((statement) => clustered(statement, cluster));
}

export async function makeDistributed(
  client: ClickHouseClient,
  database: string,
  cluster: Cluster,
) {
  if (cluster === null) return;
  for (const query of distributed(database, cluster)) await client.command({ query });
}
