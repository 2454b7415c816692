import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../../queries/mod.ts";
import { schemaOf } from "../../schema/migrate.ts";
import { finishSwitch } from "../../schema/switch.ts";
import { catchUp } from "../../testing/catch_up.ts";
import { createMemoryLog, fill } from "../../testing/memory_log.ts";
import { contents } from "../../testing/tables.ts";
import { ACCOUNTS, SCANNERS, traffic } from "../../testing/traffic.ts";
import { runLoader } from "../loader.ts";
import { rebuild } from "./rebuild.ts";
import { Rebuilds, type RebuildState } from "./rebuilds.ts";

const EVENTS = traffic(41, 200, Date.UTC(2026, 9, 30));

function filled(events = EVENTS) {
  const log = createMemoryLog();
  fill(log, events, 10);
  return log;
}
const given = (client: ClickHouseClient, events = filled()) => ({
  events,
  client,
  maxRows: 200,
  maxWaitMs: 1,
  now: () => 0,
  logger: SILENT,
  metrics: createMetrics(),
  signal: new AbortController().signal,
});

async function names(client: ClickHouseClient): Promise<string[]> {
  const result = await client.query({
    query: "SELECT concat(database, '.', name) FROM system.tables " +
      "WHERE database LIKE 'chappe%' ORDER BY 1",
    format: "JSONCompactEachRow",
  });
  return (await result.json<[string]>()).flat();
}

Deno.test("asked of a running loader, it goes on beside what serves, and follows the log after", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const half = EVENTS.length / 2;
  const log = filled(EVENTS.slice(0, half));
  const queries = createQueries(client);
  await catchUp(given(client, log));
  const stop = new AbortController();
  const rebuilds = new Rebuilds();
  const running = runLoader({ ...given(client, log), signal: stop.signal }, rebuilds);
  const tables = await names(client);
  // As a defect would leave them.
  await client.command({
    query: "ALTER TABLE chappe.deliveries DELETE WHERE rcpt = 0 SETTINGS mutations_sync = 1",
  });

  rebuilds.ask();
  // Meanwhile the old one serves, and what comes is loaded.
  fill(log, EVENTS.slice(half), 10);
  const phases = new Set<string>();
  while (phases.add(rebuilds.state.phase) && rebuilds.state.phase === "building") {
    const { total } = await queries.stats(ACCOUNTS[0], {});
    assert(total.sent > 0);
  }
  assert.deepEqual([...phases], ["building", "done"]);
  const { comparison } = rebuilds.state as Extract<RebuildState, { phase: "done" }>;
  const missing = comparison!.differences.find(({ figure }) => figure === "deliveries")!;
  assert(missing.after > missing.before);
  assert.deepEqual(comparison!.rejudged, []);

  const [extra] = traffic(42, 1, Date.UTC(2026, 10, 20));
  log.commit([extra!]);
  assert.equal(await queries.caughtUp(log.commits.length, 60_000), true);
  stop.abort();
  await running;
  assert.deepEqual(await names(client), tables);

  const shown = await contents(client);
  await rebuild({ ...given(client, log), onProgress: () => {} });
  assert.deepEqual(await contents(client), shown);
});

Deno.test("hits that the classifier judges otherwise now are told with the reason", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  await catchUp(given(client, log));
  // As a classifier without the rule had them.
  const scanned = EVENTS.find((e) => e.type === "engagement.clicked" && e.data.ip === SCANNERS)!;
  await client.command({
    query: `ALTER TABLE chappe.hits UPDATE actor = 'human', reason = 'no-sign', revoked = '', ` +
      `machine = 0 WHERE id = '${scanned.id}' SETTINGS mutations_sync = 1`,
  });
  const comparison = await rebuild({ ...given(client, log), onProgress: () => {} });
  assert.deepEqual(comparison!.differences, []);
  assert.equal(comparison!.rejudged.length, 1);
  const [{ before, after, hits }] = comparison!.rejudged as [
    { before: string; after: string; hits: number },
  ];
  assert.deepEqual([before, hits], ["human (no-sign)", 1]);
  assert.match(after, /^scanner \(burst-/);
});

Deno.test("what is told of a copy otherwise now shows", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  await catchUp(given(client, log));
  for (const change of ["fields = map('Ville', 'Lyon')", "subject = 'as it was'"]) {
    await client.command({
      query: `ALTER TABLE chappe.deliveries UPDATE ${change} WHERE rcpt = 0 ` +
        `SETTINGS mutations_sync = 1`,
    });
    const comparison = await rebuild({ ...given(client, log), onProgress: () => {} });
    const figures = new Set(comparison!.differences.map(({ figure }) => figure));
    assert.deepEqual([...figures], ["columns (checksum)"], change);
  }
});

Deno.test("broken off while it is built, the old one serves, and a new start begins anew", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  await catchUp(given(client, log));
  const before = await contents(client);
  const tables = await names(client);
  const stop = new AbortController();
  const broken = rebuild({
    ...given(client, log),
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  await assert.rejects(broken, /abort/i);
  assert((await names(client)).includes("chappe_next.facts"));
  assert.deepEqual(await contents(client), before);
  await catchUp(given(client, log));
  assert.deepEqual(await names(client), tables);
});

Deno.test("broken off at any step of the switch, it is finished at the next start", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled(EVENTS.slice(0, 120));
  await catchUp(given(client, log));
  const before = await contents(client);
  const tables = await names(client);

  const SWITCH = /switching|DROP VIEW|EXCHANGE|RENAME|CREATE MATERIALIZED VIEW chappe\./;
  for (let steps = 0, done = false; !done; steps++) {
    let left = steps;
    const dying = new Proxy(client, {
      get(target, name) {
        if (name !== "command") return Reflect.get(target, name).bind(target);
        return (params: { query: string }) => {
          if (SWITCH.test(params.query) && left-- === 0) throw new Error("killed");
          return target.command(params);
        };
      },
    });
    done = await rebuild({ ...given(dying, log), onProgress: () => {} })
      .then(() => true, (error: Error) => error.message !== "killed");
    await finishSwitch(client, "chappe");
    await catchUp(given(client, log));
    assert.deepEqual(await names(client), tables, `after ${steps} steps`);
    assert.deepEqual(await contents(client), before);
  }
});

Deno.test("a projection of an older version is rebuilt by the loader that finds it", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled(EVENTS.slice(0, 120));
  await catchUp(given(client, log));
  const before = await contents(client);
  const newest = await schemaOf(client, "chappe");
  for (
    const query of [
      "DROP VIEW chappe.hits_feed SYNC",
      "DROP TABLE chappe.hits SYNC",
      "DELETE FROM chappe.migrations WHERE number >= 4 SETTINGS mutations_sync = 1",
    ]
  ) await client.command({ query });
  const stop = new AbortController();
  const running = runLoader({ ...given(client, log), signal: stop.signal });
  while (await schemaOf(client, "chappe") < newest) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  stop.abort();
  await running;
  assert.deepEqual(await contents(client), before);
});
