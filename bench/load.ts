/**
 * Log → ClickHouse: the loader, from a real nats-server into the embedded engine, against the same
 * rows inserted ready-made into the same tables by the same engine, in the same run. What counts is
 * the ratio. Reading the log alone shows how much of the loader's time that is.
 *
 * `deno task bench load [messages]` (40,000 by default: about 200,000 events).
 */
import { Readable } from "node:stream";
import { HitWindow } from "../analytics/load/hit_window.ts";
import { load as loadLog } from "../analytics/load/load.ts";
import { dropSchema, migrate } from "../analytics/schema/migrate.ts";
import { traffic } from "../analytics/testing/traffic.ts";
import { openClickHouse, startTestNats } from "../src/embedded/mod.ts";
import type { NewEvent } from "../src/events/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { createMetrics, SILENT } from "../src/runtime/mod.ts";
import { ratio, table } from "./support/report.ts";

const ROUNDS = 5;
const MESSAGES = Number(Deno.args[0] ?? 40_000);
/** Rows of one insert, on both sides. */
const MAX_ROWS = 20_000;
const APPENDED_TOGETHER = 500;

await using nats = await startTestNats();
const now = () => Date.now();
const station = await connectStation({ url: nats.url, now, logger: SILENT });
const path = await Deno.makeTempDir({ prefix: "chappe-bench-" });
const client = await openClickHouse({ path });

const events = traffic(1, MESSAGES, now() - MESSAGES * 600_000)
  .map(({ recorded: _, ...event }) => event as NewEvent);
for (let i = 0; i < events.length; i += APPENDED_TOGETHER) {
  await station.events.append(events.slice(i, i + APPENDED_TOGETHER));
}

async function read(): Promise<void> {
  for await (const _ of station.events.read({}));
}

async function load(): Promise<void> {
  const database = "loaded";
  await dropSchema(client, { database });
  await migrate(client, { database });
  const given = {
    events: station.events,
    client,
    database,
    maxRows: MAX_ROWS,
    now,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  await loadLog(given, {
    after: 0,
    window: new HitWindow(),
    follow: false,
    onLoaded: () => {},
  });
}

/** The rows the loader made, in the order of the log, as texts of one insert each. */
async function loadedRows(): Promise<{ count: number; texts: string[] }> {
  const result = await client.query({
    query: "SELECT * FROM loaded.facts ORDER BY seq, idx, rcpt",
    format: "TabSeparated",
  });
  const lines = (await result.text()).match(/[^\n]*\n/g)!;
  const texts: string[] = [];
  for (let i = 0; i < lines.length; i += MAX_ROWS) {
    texts.push(lines.slice(i, i + MAX_ROWS).join(""));
  }
  return { count: lines.length, texts };
}

async function insertStraight(texts: readonly string[]): Promise<void> {
  const database = "straight";
  await client.command({ query: `DROP DATABASE IF EXISTS ${database} SYNC` });
  await migrate(client, { database });
  for (const text of texts) {
    const { stream } = await client.exec({
      query: `INSERT INTO ${database}.facts FORMAT TabSeparated`,
      values: Readable.from([text]),
    });
    for await (const _ of stream);
  }
}

/** Events per second. */
async function rate(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return events.length / (performance.now() - start) * 1000;
}

await load();
const { count, texts } = await loadedRows();
const rates = { read: [] as number[], load: [] as number[], straight: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  rates.read.push(await rate(read));
  rates.load.push(await rate(load));
  rates.straight.push(await rate(() => insertStraight(texts)));
}
console.log(`${events.length} events, ${count} rows, ${ROUNDS} rounds; events a second:`);
const shown = (values: number[]) => values.map((value) => Math.round(value).toLocaleString("en"));
table(["", ...rates.load.map((_, i) => `${i + 1}`)], [
  ["log read and parsed", ...shown(rates.read)],
  ["log → ClickHouse", ...shown(rates.load)],
  ["same rows inserted straight", ...shown(rates.straight)],
]);
console.log(
  `ratio loader / straight: ${ratio(rates.load.map((value, i) => value / rates.straight[i]!))}`,
);

await client.close();
await station.close();
await Deno.remove(path, { recursive: true });
