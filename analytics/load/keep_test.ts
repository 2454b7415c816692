import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../queries/mod.ts";
import type { Keep } from "../schema/keep.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { contents } from "../testing/tables.ts";
import { ACCOUNTS, traffic } from "../testing/traffic.ts";
import { countDays, staleDays } from "./count_days.ts";
import { rebuild } from "./rebuild/rebuild.ts";

/** Long ago: whatever is not kept for ever has expired. */
const EVENTS = traffic(51, 100, Date.UTC(2024, 1, 28));

Deno.test("rows expire as configured, on tables that are there, and nothing is loaded twice", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  fill(log, EVENTS, 10);
  const given = (keep: Keep) => ({
    events: log,
    client,
    keep,
    maxRows: 200,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  });
  const queries = createQueries(client);
  await catchUp(given({ events: null, figures: null }));
  const before = await contents(client);

  await t.step("events go, figures stay, and the place in the log", async () => {
    await catchUp(given({ events: 30, figures: null }));
    await expire(client, "facts");
    assert.equal(await rows(client, "facts"), 0);
    assert.equal(await queries.position(), log.commits.length);
    assert.deepEqual(await contents(client), before);
  });

  await t.step("started again, nothing is loaded again", async () => {
    await catchUp(given({ events: 30, figures: null }));
    assert.equal(await rows(client, "facts"), 0);
    const [last] = traffic(52, 1, Date.UTC(2024, 3, 1));
    log.commit([last!]);
    await catchUp(given({ events: null, figures: null }));
    assert.equal(await queries.position(), log.commits.length);
    assert(await rows(client, "facts") <= 3);
  });

  await t.step("rebuilt, events and figures are all there again", async () => {
    const shown = await contents(client);
    await rebuild({ ...given({ events: null, figures: null }), onProgress: () => {} });
    assert(await rows(client, "facts") > EVENTS.length);
    assert.deepEqual(await contents(client), shown);
  });

  await t.step("figures go", async () => {
    // Some of them as they were counted once.
    const place = { client, database: "chappe", cluster: null };
    const last = log.commits.length;
    for (const days of await staleDays(place, last)) await countDays(place, days, last);
    assert(await rows(client, "day_cells") > 0);
    assert((await queries.stats(ACCOUNTS[0], {})).total.sent > 0);
    await catchUp(given({ events: null, figures: 30 }));
    for (const table of ["deliveries", "hits", "days", "day_cells"]) await expire(client, table);
    for (const account of ACCOUNTS) {
      assert.equal((await queries.stats(account, {})).total.sent, 0);
    }
    for (const table of ["hits", "days", "day_cells"]) {
      assert.equal(await rows(client, table), 0, table);
    }
  });
});

async function expire(client: ClickHouseClient, table: string): Promise<void> {
  await client.command({
    query: `ALTER TABLE chappe.${table} MATERIALIZE TTL SETTINGS mutations_sync = 1`,
  });
  await client.command({ query: `OPTIMIZE TABLE chappe.${table} FINAL` });
}

async function rows(client: ClickHouseClient, table: string): Promise<number> {
  const result = await client.query({
    query: `SELECT count() FROM chappe.${table}`,
    format: "JSONCompactEachRow",
  });
  return Number((await result.json<[string | number]>())[0]![0]);
}
