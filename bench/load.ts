/**
 * Log → ClickHouse: the loader, from a real nats-server into the embedded engine, against the same
 * rows, written out already, inserted by the same engine into the same tables, with all that is folded
 * from them, as many at a time and in the same way, in the same run. What counts is the ratio: of
 * rates, and of CPU time, which others on the machine disturb less. Reading the log alone shows how
 * much of the loader's time that is.
 *
 * Then the most memory a loader takes that has no engine in its process, while it catches up.
 *
 * `deno task bench load [messages] [backlog]` (40,000 by default: about 220,000 events; backlog: events
 * to catch up with, 1,000,000 by default).
 */
import process from "node:process";
import { COLUMNS } from "../analytics/load/fact.ts";
import { HitWindow } from "../analytics/load/hit_window.ts";
import { load as loadLog } from "../analytics/load/load.ts";
import { createQueries } from "../analytics/mod.ts";
import { dropSchema, migrate } from "../analytics/schema/migrate.ts";
import { serveHttp } from "../analytics/testing/http_front.ts";
import { traffic } from "../analytics/testing/traffic.ts";
import { insertRows, openClickHouse, startTestNats } from "../src/embedded/mod.ts";
import type { NewEvent } from "../src/events/mod.ts";
import { connectStation } from "../src/log/mod.ts";
import { createMetrics, SILENT } from "../src/runtime/mod.ts";
import { startLoader } from "./support/loader.ts";
import { ratio, table } from "./support/report.ts";

const ROUNDS = 5;
const MESSAGES = Number(Deno.args[0] ?? 40_000);
const BACKLOG = Number(Deno.args[1] ?? 1_000_000);
/** Rows of one insert, on both sides. */
const MAX_ROWS = 20_000;
const APPENDED_TOGETHER = 500;

await using nats = await startTestNats();
const now = () => Date.now();
const station = await connectStation({ url: nats.url, now, logger: SILENT });
const path = await Deno.makeTempDir({ prefix: "chappe-bench-" });
const client = await openClickHouse({ path });

async function append(seed: number, messages: number): Promise<number> {
  const events = traffic(seed, messages, now() - messages * 600_000)
    .map(({ recorded: _, ...event }) => event as NewEvent);
  for (let i = 0; i < events.length; i += APPENDED_TOGETHER) {
    await station.events.append(events.slice(i, i + APPENDED_TOGETHER));
  }
  return events.length;
}

async function read(): Promise<void> {
  for await (const _ of station.events.read({}));
}

async function load(): Promise<void> {
  const given = {
    events: station.events,
    client,
    database: "loaded",
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

/** The rows the loader made, in the order of the log, as bytes of one insert each. */
async function loadedRows(): Promise<{ count: number; inserts: Uint8Array<ArrayBuffer>[] }> {
  const result = await client.query({
    query: `SELECT ${COLUMNS.join(", ")} FROM loaded.facts ORDER BY seq, idx, rcpt`,
    format: "TabSeparated",
  });
  const lines = (await result.text()).match(/[^\n]*\n/g)!;
  const inserts: Uint8Array<ArrayBuffer>[] = [];
  for (let i = 0; i < lines.length; i += MAX_ROWS) {
    inserts.push(new TextEncoder().encode(lines.slice(i, i + MAX_ROWS).join("")));
  }
  return { count: lines.length, inserts };
}

async function insertStraight(inserts: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
  const rows = { table: "straight.facts", columns: COLUMNS, settings: {} };
  for (const bytes of inserts) {
    await insertRows(client, { ...rows, pieces: [bytes] });
  }
}

async function anew(database: string): Promise<void> {
  await dropSchema(client, { database });
  await migrate(client, { database });
}

interface Measured {
  /** Events per second. */
  rate: number;
  /** Of this process, µs per event. */
  cpu: number;
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  const start = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  return { rate: events / (performance.now() - start) * 1000, cpu: (user + system) / events };
}

const events = await append(1, MESSAGES);
await anew("loaded");
await load();
const { count, inserts } = await loadedRows();
const measured = { read: [] as Measured[], load: [] as Measured[], straight: [] as Measured[] };
for (let round = 0; round < ROUNDS; round++) {
  measured.read.push(await measure(read));
  await anew("loaded");
  measured.load.push(await measure(load));
  await anew("straight");
  measured.straight.push(await measure(() => insertStraight(inserts)));
}

const rounds = measured.load.map((_, i) => `${i + 1}`);
const line = (name: string, values: Measured[], of: "rate" | "cpu") => [
  name,
  ...values.map((value) =>
    of === "cpu" ? value.cpu.toFixed(1) : Math.round(value.rate).toLocaleString("en")
  ),
];
for (
  const [of, title] of [["rate", "events a second"], ["cpu", "CPU time, µs an event"]] as const
) {
  console.log(`${events} events, ${count} rows, ${ROUNDS} rounds; ${title}:`);
  table(["", ...rounds], [
    line("log read and parsed", measured.read, of),
    line("log → ClickHouse", measured.load, of),
    line("same rows inserted straight", measured.straight, of),
  ]);
}
const { load: loaded, straight } = measured;
console.log(
  `ratio loader / straight: ${ratio(loaded.map(({ rate }, i) => rate / straight[i]!.rate))}; ` +
    `by CPU time: ${ratio(loaded.map(({ cpu }, i) => straight[i]!.cpu / cpu))}`,
);

await anew("chappe");
let backlog = events;
for (let seed = 2; backlog < BACKLOG; seed++) backlog += await append(seed, 5_000);
{
  await using front = serveHttp(client);
  const beside = await openClickHouse({ path });
  const reader = createQueries(beside);
  const last = await station.events.lastSeq();
  await using loader = startLoader(nats.url, front.url);
  while (await reader.position().catch(() => -1) < last) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const most = Math.round(await loader.mostMb());
  console.log(`loader apart from its engine, ${backlog} events behind: ${most} MB at the most`);
  await beside.close();
}

await client.close();
await station.close();
await Deno.remove(path, { recursive: true });
