/**
 * The projection on replicated tables, with a real ZooKeeper: all figures are those of plain tables, an
 * insert that comes twice stands once, a rebuild switches, a replica that lacks what another took does
 * not say how far the log is mirrored, and kills of the loader leave exact counts. Needs Linux on
 * x86-64, Java and Debian's libzookeeper-java. Argument: how many kills.
 */
import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { migrate } from "@chappe/analytics";
import { startTestClickHouse } from "@chappe/src/embedded";
import { readHead } from "../../analytics/load/head.ts";
import { dropSchema } from "../../analytics/schema/migrate.ts";
import { CLUSTER, clusterConfig, serverOf } from "../support/cluster.ts";
import { tellNoAddress } from "../support/interserver.ts";
import { actOnCluster, plainFigures } from "../support/on_cluster.ts";
import { killLoaders } from "../support/replicated_kills.ts";
import { startZooKeeper } from "../support/zookeeper.ts";

const KILLS = Number(Deno.args[0] ?? 20);

async function step(name: string, act: () => Promise<void>) {
  const start = performance.now();
  await act();
  console.log(`${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

/** Second replicas, `lagging.…`, of the tables that say how far the log is mirrored; they fetch nothing. */
async function lag(client: ClickHouseClient) {
  await client.command({ query: "CREATE DATABASE lagging" });
  for (const table of ["facts", "heads"]) {
    const result = await client.query({
      query: "SELECT create_table_query, zookeeper_path FROM system.tables t, system.replicas r " +
        `WHERE t.database = 'chappe' AND r.database = 'chappe' AND t.name = r.table ` +
        `AND r.table = '${table}'`,
      format: "JSONCompactEachRow",
    });
    const [[create, path]] = await result.json<[string, string]>() as [[string, string]];
    await client.command({
      query: create.replace(`chappe.${table}`, `lagging.${table}`)
        .replace(/(ENGINE = \w+)\([^)]*\)/, `$1('${path}', 'second')`),
    });
    await client.command({ query: `SYSTEM STOP FETCHES lagging.${table}` });
  }
}

/** Closing is for success alone: the engine does not survive being closed over replicated tables. */
async function main(zookeeper: number) {
  const single = await startTestClickHouse();
  const expected = await plainFigures(single.client);
  await single[Symbol.asyncDispose]();
  const engine = await startTestClickHouse({ config: clusterConfig(zookeeper) });
  await tellNoAddress();
  const server = serverOf(engine.client, true);
  await actOnCluster(server, expected, step);
  await step("a replica that lags behind does not say how far it is", async () => {
    const { client } = server;
    await migrate(client, { cluster: CLUSTER });
    await lag(client);
    await client.command({ query: "INSERT INTO chappe.heads SELECT 7, 7" });
    assert.equal((await readHead(client, "chappe", CLUSTER)).seq, 7);
    assert.equal((await readHead(client, "lagging")).seq, 0);
    await client.command({ query: "SET receive_timeout = 2" });
    await assert.rejects(readHead(client, "lagging", CLUSTER), /TIMEOUT_EXCEEDED|timed out/);
    await client.command({ query: "DROP DATABASE lagging SYNC" });
    await dropSchema(client, { cluster: CLUSTER });
  });
  await engine[Symbol.asyncDispose]();
  await step(
    `after ${KILLS} kills of the loader, exactly the log stands there`,
    () => killLoaders(zookeeper, KILLS),
  );
}

const zookeeper = await startZooKeeper();
const failure = await main(zookeeper.port).then(() => null, (error) => error);
if (failure !== null) console.error(failure);
await zookeeper[Symbol.asyncDispose]();
Deno.exit(failure === null ? 0 : 1);
