import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { countedDays } from "../queries/counted_days.ts";
import { createBuilder } from "../queries/compiler.ts";
import { createQueries } from "../queries/mod.ts";
import { migrate } from "../schema/migrate.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { ACCOUNTS, traffic } from "../testing/traffic.ts";
import { runLoader } from "./loader.ts";

const [ACCOUNT] = ACCOUNTS;
const EVENTS = traffic(61, 60, Date.UTC(2026, 9, 28));

/** Waits until every day of the account is counted; the versions of the counts. */
async function allCounted(client: ClickHouseClient): Promise<number[]> {
  while (true) {
    const days = await countedDays(client, createBuilder("chappe"), ACCOUNT, {});
    if (days.open.length === 0) return days.counted.map(({ version }) => version);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

Deno.test("while the loader is behind, no day is counted", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  const log = createMemoryLog();
  fill(log, EVENTS, 20);
  const stop = new AbortController();
  let time = 0;
  const counted: number[] = [];
  const running = runLoader({
    events: log,
    client,
    // Long enough to fill them on a busy machine.
    maxRows: 50,
    maxWaitMs: 1000,
    stillMs: 1,
    now: () => time,
    logger: SILENT,
    metrics: {
      ...createMetrics(),
      count: (name) => name === "chappe_loader_days_total" && counted.push(time),
    },
    signal: stop.signal,
  });
  assert(await createQueries(client).caughtUp(log.commits.length, 60_000));
  // The client runs one thing after another: what counting would ask has had its turns.
  for (let turn = 0; turn < 50; turn++) {
    await client.ping({ select: true });
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  time = 60_000;
  await allCounted(client);
  // Told a moment after it is done.
  while (counted.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  assert(counted.every((at) => at === 60_000), `${counted}`);
  stop.abort();
  await running;
});

Deno.test("days on which nothing happens are counted, and again when something did", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  fill(log, EVENTS, 20);
  const stop = new AbortController();
  const given = {
    events: log,
    client,
    maxWaitMs: 1,
    stillMs: 20,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: stop.signal,
  };
  await catchUp(given);
  const running = runLoader(given);
  const queries = createQueries(client);
  const before = await allCounted(client);
  assert(before.length > 0);
  const { total } = await queries.stats(ACCOUNT, {});

  const delivered = EVENTS.find((e) =>
    e.type === "delivery.delivered" && e.account === ACCOUNT &&
    !EVENTS.some((other) => other.message === e.message && other.type === "feedback.complained")
  )!;
  const complaint = {
    ...delivered,
    id: crypto.randomUUID(),
    type: "feedback.complained",
    data: { feedbackType: "abuse", userAgent: "arf", source: "arf" },
  } as unknown as typeof delivered;
  log.commit([complaint]);
  assert(await queries.caughtUp(log.commits.length, 60_000));
  const complained = async () => (await queries.stats(ACCOUNT, {})).total.complained;
  // The event stands in ClickHouse a moment before what is folded from it.
  while (await complained() === total.complained);
  assert.equal(await complained(), total.complained + 1);
  const after = await allCounted(client);
  assert.deepEqual([Math.max(...after), after.length], [log.commits.length, before.length]);
  assert.equal(await complained(), total.complained + 1);
  stop.abort();
  await running;
});
