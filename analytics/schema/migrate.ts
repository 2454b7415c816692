/**
 * Brings the schema forward: applies the numbered files beside this one that the database has not
 * seen. There is no way back; the projection can be thrown away and rebuilt from the log instead.
 * A file interrupted half-way is run again, so its statements must bear that (`IF NOT EXISTS`).
 */
import type { ClickHouseClient } from "@clickhouse/client";
import {
  type Cluster,
  clustered,
  makeDistributed,
  readingDatabase,
  syncReplica,
} from "./cluster.ts";
import { databaseName, DEFAULT_DATABASE } from "./database.ts";
import { statements } from "./statements.ts";

/** The schema in ClickHouse is not one this version can work with. */
export class SchemaError extends Error {
  override name = "SchemaError";
}

/** What a file adds can only be worked out from the log: the projection must be built anew. */
export class RebuildNeededError extends SchemaError {
  override name = "RebuildNeededError";
}

/** Stands in a file that gives rows of before nothing to fill its new columns or tables from. */
const REBUILD = /^-- REBUILD:/m;

interface Migration {
  number: number;
  name: string;
  script: string;
}

/**
 * Safe to call at every start; where nothing is missing, no server of a cluster is told anything, so
 * that one that is away holds nobody up. Resolves with the names of the files applied now.
 * @throws {SchemaError} when the database was made by a newer version, or stands on other servers of
 *   the cluster alone.
 * @throws {RebuildNeededError} when it was made by a version whose rows lack what this one asks for.
 */
export async function migrate(
  client: ClickHouseClient,
  { database = DEFAULT_DATABASE, cluster = null }: { database?: string; cluster?: Cluster } = {},
): Promise<string[]> {
  const run = (sql: string) => client.command({ query: clustered(fill(sql, database), cluster) });
  if (await hasMigrations(client, database)) {
    await syncReplica(client, `${databaseName(database)}.migrations`, cluster);
  } else {
    await refuseNewServer(client, database, cluster);
    await run("CREATE DATABASE IF NOT EXISTS {database}");
    await run(
      "CREATE TABLE IF NOT EXISTS {database}.migrations (number UInt16, name String, " +
        "applied DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY number",
    );
  }
  const known = await migrations();
  const applied = await appliedNumbers(client, database);
  const newest = Math.max(0, ...applied);
  if (newest > known.at(-1)!.number) {
    throw new SchemaError(
      `the ClickHouse database ${database} has schema ${newest}, this version knows up to ` +
        `${known.at(-1)!.number}: run the newer version, or \`deno task rebuild\` with this one`,
    );
  }
  const missing = known.filter(({ number }) => !applied.has(number));
  const beyond = applied.size > 0 && missing.find(({ script }) => REBUILD.test(script));
  if (beyond) {
    throw new RebuildNeededError(
      `the ClickHouse database ${database} has schema ${newest}; ${beyond.name} needs it rebuilt ` +
        "from the log",
    );
  }
  for (const { number, name, script } of missing) {
    for (const statement of statements(script)) await run(statement);
    await run(
      `INSERT INTO {database}.migrations (number, name) SELECT ${number}, '${name}'`,
    );
  }
  await makeDistributed(client, database, cluster);
  return missing.map(({ name }) => name);
}

/** Number of the last file applied to the database; 0 when there is none. */
export async function schemaOf(client: ClickHouseClient, database: string): Promise<number> {
  if (!await hasMigrations(client, database)) return 0;
  return Math.max(0, ...await appliedNumbers(client, database));
}

async function hasMigrations(client: ClickHouseClient, database: string): Promise<boolean> {
  const result = await client.query({
    query: "SELECT count() FROM system.tables WHERE database = {database:String} " +
      "AND name = 'migrations'",
    query_params: { database },
    format: "JSONCompactEachRow",
  });
  const [[there] = [0]] = await result.json<[string | number]>();
  return Number(there) > 0;
}

/**
 * Tables made from here would have UUIDs of their own and share no rows with those of the others; and
 * what a file drops would go there too.
 */
async function refuseNewServer(client: ClickHouseClient, database: string, cluster: Cluster) {
  if (cluster === null) return;
  const result = await client.query({
    query: `SELECT DISTINCT hostName() FROM clusterAllReplicas(${databaseName(cluster)}, ` +
      "system.tables) WHERE database = {database:String} AND name = 'migrations' " +
      "SETTINGS skip_unavailable_shards = 1",
    query_params: { database },
    format: "JSONCompactEachRow",
  });
  const others = (await result.json<[string]>()).flat();
  if (others.length === 0) return;
  throw new SchemaError(
    `the ClickHouse database ${database} stands on ${
      others.join(", ")
    }, but not on this server of ` +
      "the cluster: make its tables here with the same UUIDs first (docs/operating.md)",
  );
}

/** Whether there is one of the name, with tables or without. */
export async function hasDatabase(client: ClickHouseClient, name: string): Promise<boolean> {
  const result = await client.query({
    query: "SELECT count() FROM system.databases WHERE name = {name:String}",
    query_params: { name },
    format: "JSONCompactEachRow",
  });
  return Number((await result.json<[string | number]>())[0]![0]) > 0;
}

/** Throws the whole projection away. */
export async function dropSchema(
  client: ClickHouseClient,
  { database = DEFAULT_DATABASE, cluster = null }: { database?: string; cluster?: Cluster } = {},
): Promise<void> {
  for (const name of new Set([readingDatabase(database, cluster), database])) {
    const drop = fill("DROP DATABASE IF EXISTS {database} SYNC", name);
    await client.command({ query: clustered(drop, cluster) });
  }
}

/** The one place where the schema's placeholders are filled. */
function fill(sql: string, database: string): string {
  return sql.replaceAll("{database}", databaseName(database));
}

async function appliedNumbers(client: ClickHouseClient, database: string): Promise<Set<number>> {
  const result = await client.query({
    query: fill("SELECT number FROM {database}.migrations", database),
    format: "JSONCompactEachRow",
  });
  return new Set((await result.json<[number]>()).map(([number]) => number));
}

async function migrations(): Promise<Migration[]> {
  const found: Migration[] = [];
  for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
    const match = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(name);
    if (match === null) continue;
    const script = await Deno.readTextFile(new URL(name, import.meta.url));
    found.push({ number: Number(match[1]), name, script });
  }
  return found.sort((a, b) => a.number - b.number);
}
