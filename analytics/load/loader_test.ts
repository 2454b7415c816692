import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { createLogger, createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../queries/mod.ts";
import { dropSchema, migrate } from "../schema/migrate.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill, type MemoryLog } from "../testing/memory_log.ts";
import { ACCOUNTS, traffic } from "../testing/traffic.ts";
import { Batch } from "./batch.ts";
import { HitWindow } from "./hit_window.ts";
import { insert } from "./insert.ts";
import type { LoaderOptions } from "./load.ts";
import { runLoader } from "./loader.ts";
import { rebuild } from "./rebuild/rebuild.ts";

const START = Date.UTC(2026, 9, 30);
const EVENTS = traffic(11, 300, START);
/** Rows the log makes: one per recipient of an accepted message, one per other event. */
const ROWS = EVENTS.reduce(
  (sum, e) => sum + (e.type === "message.accepted" ? e.data.recipients.length : 1),
  0,
);

function filled(events = EVENTS): MemoryLog {
  const log = createMemoryLog();
  fill(log, events, 10);
  return log;
}

function options(client: ClickHouseClient, events: MemoryLog): LoaderOptions {
  return {
    events,
    client,
    maxRows: 100,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
}

async function scalar(client: ClickHouseClient, query: string): Promise<number> {
  const result = await client.query({ query, format: "JSONCompactEachRow" });
  const [[value] = [NaN]] = await result.json<[string | number]>();
  return Number(value);
}
const rows = (client: ClickHouseClient) => scalar(client, "SELECT count() FROM chappe.facts");

/** Everything the pages see. */
async function picture(client: ClickHouseClient) {
  const queries = createQueries(client);
  return await Promise.all(ACCOUNTS.map(async (account) => ({
    stats: await queries.stats(account, { groupBy: "day" }),
    messages: await queries.messages(account, {}, { limit: 5000 }),
  })));
}

Deno.test("a loader mirrors the log, goes on where it stopped, and follows", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const half = EVENTS.length / 2;
  const log = filled(EVENTS.slice(0, half));
  await catchUp(options(client, log));

  fill(log, EVENTS.slice(half), 10);
  const metrics = createMetrics();
  await catchUp({ ...options(client, log), metrics });
  assert.equal(await rows(client), ROWS);
  const value = (name: string) => metrics.snapshot().find((s) => s.name === name)!.value;
  assert.equal(value("chappe_loader_position"), await log.lastSeq());
  assert.equal(value("chappe_loader_events_total"), EVENTS.length - half);

  const before = await picture(client);
  const progress: number[] = [];
  await rebuild({ ...options(client, log), onProgress: ({ seq }) => progress.push(seq) });
  assert.equal(await rows(client), ROWS);
  assert.equal(progress.at(-1), await log.lastSeq());
  assert.deepEqual(await picture(client), before);
});

Deno.test("an insert is one part, and the same insert again is none", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  await client.command({ query: "SYSTEM STOP MERGES chappe.facts" });
  const log = filled(EVENTS.filter((e) => e.recorded < Date.UTC(2026, 10, 1)));
  const batch = new Batch(log.commits[0]!, new HitWindow());
  // More rows than ClickHouse reads at a time by default (65,409).
  while (batch.rows < 70_000) for (const commit of log.commits) batch.add(commit, assert.fail);
  await insert(client, "chappe", batch);
  await insert(client, "chappe", batch);
  assert.equal(await rows(client), batch.rows);
  assert.equal(
    await scalar(client, "SELECT count() FROM system.parts WHERE active AND table = 'facts'"),
    1,
  );
});

Deno.test("a batch that reached the facts but not the deliveries is completed", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  await catchUp(options(client, log));
  const before = await picture(client);

  await dropSchema(client);
  const cut = 150;
  const start = createMemoryLog();
  for (const { events } of log.commits.slice(0, cut)) start.commit(events);
  await catchUp(options(client, start));
  // As a crash between the two steps leaves it.
  const shown = await client.query({
    query: "SHOW CREATE TABLE chappe.deliveries_feed",
    format: "TabSeparatedRaw",
  });
  const made = await shown.text();
  await client.command({ query: "DROP VIEW chappe.deliveries_feed SYNC" });
  const lost = new Batch(log.commits[cut]!, new HitWindow());
  for (const commit of log.commits.slice(cut, cut + 3)) lost.add(commit, assert.fail);
  await insert(client, "chappe", lost);
  await client.command({ query: made });

  await catchUp(options(client, log));
  assert.equal(await rows(client), ROWS);
  assert.deepEqual(await picture(client), before);
});

Deno.test("what is inserted twice in other batches leaves the numbers as they are", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  await catchUp(options(client, log));
  const before = await picture(client);
  const again = new Batch(log.commits[10]!, new HitWindow());
  for (const commit of log.commits.slice(10, 60)) again.add(commit, assert.fail);
  await insert(client, "chappe", again);
  assert(await rows(client) > ROWS);
  assert.deepEqual(await picture(client), before);
});

Deno.test("while ClickHouse is away nothing is lost, and nothing stands twice afterwards", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  let calls = 0;
  // Every other insert fails: half of those after the engine took it, as a lost answer would.
  const shaky = new Proxy(client, {
    get(target, name) {
      if (name !== "exec") return Reflect.get(target, name).bind(target);
      return async (...args: Parameters<ClickHouseClient["exec"]>) => {
        const call = calls++ % 4;
        if (call === 0) throw new Error("connection refused");
        const result = await target.exec(...args);
        if (call === 2) throw new Error("connection reset");
        return result;
      };
    },
  });
  const metrics = createMetrics();
  await catchUp({ ...options(shaky, log), maxRows: 400, metrics });
  assert.equal(await rows(client), ROWS);
  assert(metrics.snapshot().some((s) => s.name === "chappe_loader_insert_failures_total"));
  const shown = await picture(client);
  await rebuild({ ...options(client, log), onProgress: () => {} });
  assert.deepEqual(await picture(client), shown);
});

Deno.test("a stop while ClickHouse is away ends the loader and leaves no gap", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  const stop = new AbortController();
  const away = new Proxy(client, {
    get(target, name) {
      if (name !== "exec") return Reflect.get(target, name).bind(target);
      return () => {
        setTimeout(() => stop.abort(), 5);
        return Promise.reject(new Error("connection refused"));
      };
    },
  });
  await runLoader({ ...options(away, filled()), signal: stop.signal });
  assert.equal(await rows(client), 0);
});

Deno.test("a ClickHouse that mirrors another log is not touched, and it is said", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await catchUp(options(client, filled()));
  const stop = new AbortController();
  const lines: string[] = [];
  const logger = createLogger((line) => {
    lines.push(line);
    stop.abort();
  }, () => 0);
  const other = filled(EVENTS.slice(0, 30));
  await runLoader({ ...options(client, other), logger, signal: stop.signal });
  assert.match(lines.join(), /it is another log\. Run `deno task rebuild`/);
  assert.equal(await rows(client), ROWS);
});

Deno.test("a log that breaks off while a batch is on its way is taken up again without duplicates", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = filled();
  let reads = 0;
  const shaky: MemoryLog = {
    ...log,
    async *read(options) {
      let left = 30 * ++reads;
      for await (const commit of log.read(options)) {
        if (left-- === 0) throw new Error("consumer deleted");
        yield commit;
      }
    },
  };
  await catchUp(options(client, shaky));
  assert(reads > 2);
  assert.equal(await rows(client), ROWS);
});
