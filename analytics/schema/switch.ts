/**
 * Puts a projection built beside (database `<name>_next`) in the place of the one that serves. Each
 * table is exchanged in one step, so a name is never missing; a crash in between is seen at the next
 * start, and the switch is finished then. Nobody may insert meanwhile.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Cluster, clustered, syncReplica } from "./cluster.ts";
import { databaseName } from "./database.ts";
import { dropSchema } from "./migrate.ts";

/** Where the projection that will serve next is built. */
export function nextOf(database: string): string {
  return databaseName(`${database}_next`);
}

/** Something of the projection built beside: a table by its UUID, a view by how it is made. */
interface Piece {
  name: string;
  uuid: string;
  view: string;
}

export async function switchOver(
  client: ClickHouseClient,
  database: string,
  cluster: Cluster = null,
): Promise<void> {
  const next = nextOf(database);
  const run = (query: string) => client.command({ query: clustered(query, cluster) });
  // On a cluster another server may have to finish: UUIDs are the same on all.
  await run(
    `CREATE TABLE ${next}.switching (name String, uuid String, view String) ` +
      "ENGINE = MergeTree ORDER BY name",
  );
  // From this insert on, which is one step, the switch is decided.
  await run(
    `INSERT INTO ${next}.switching SELECT name, toString(uuid), ` +
      "if(engine = 'MaterializedView', create_table_query, '') " +
      `FROM system.tables WHERE database = '${next}' AND name != 'switching'`,
  );
  await finishSwitch(client, database, cluster);
}

/** Finishes a switch that was decided and then broken off; without such it does nothing. */
export async function finishSwitch(
  client: ClickHouseClient,
  database: string,
  cluster: Cluster = null,
): Promise<void> {
  const next = nextOf(database);
  const pieces = await decided(client, next, cluster);
  if (pieces.length === 0) return;
  const run = (query: string) => client.command({ query: clustered(query, cluster) });
  await run(`CREATE DATABASE IF NOT EXISTS ${database}`);
  const views = pieces.filter(({ view }) => view !== "");
  for (const { name } of views) {
    for (const side of [next, database]) await run(`DROP VIEW IF EXISTS ${side}.${name} SYNC`);
  }
  for (const { name, uuid } of pieces.filter(({ view }) => view === "")) {
    const serving = await uuidOf(client, database, name);
    if (serving === undefined) await run(`RENAME TABLE ${next}.${name} TO ${database}.${name}`);
    else if (serving !== uuid) {
      await run(`EXCHANGE TABLES ${next}.${name} AND ${database}.${name}`);
    }
  }
  for (const { view } of views) await run(view.replaceAll(`${next}.`, `${database}.`));
  await dropSchema(client, { database: next, cluster });
}

async function decided(
  client: ClickHouseClient,
  next: string,
  cluster: Cluster,
): Promise<Piece[]> {
  if (await uuidOf(client, next, "switching") === undefined) return [];
  await syncReplica(client, `${next}.switching`, cluster);
  const result = await client.query({
    query: `SELECT name, uuid, view FROM ${next}.switching ORDER BY name`,
    format: "JSONEachRow",
  });
  return await result.json<Piece>();
}

async function uuidOf(client: ClickHouseClient, database: string, name: string) {
  const result = await client.query({
    query: "SELECT toString(uuid) FROM system.tables WHERE database = {database:String} " +
      "AND name = {name:String}",
    query_params: { database, name },
    format: "JSONCompactEachRow",
  });
  return (await result.json<[string]>())[0]?.[0];
}
