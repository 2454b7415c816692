import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import type { Event } from "@chappe/src/events";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { receivedOf } from "@chappe/src/sending";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { isMachine } from "../testing/naive.ts";
import { traffic } from "../testing/traffic.ts";
import { createQueries } from "./mod.ts";
import { type Outcomes, type ReputationRow, type Window, WINDOWS } from "./port.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Over the end of a month. */
const START = Date.UTC(2026, 9, 30, 12);
const EVENTS = late(traffic(5, 400, START));
const IP = "192.0.2.1";
const END = START + 5 * DAY;
const NOTHING: Outcomes = { sent: 0, delivered: 0, deferred: 0, bounced: 0 };

/** Some bounces are told of later. */
function late(events: Event[]): Event[] {
  return events.map((e) =>
    e.type === "delivery.bounced" && e.id < "8"
      ? { ...e, data: { ...e.data, mode: "async" as const } }
      : e
  );
}

/** Each event once. */
const ONCE = [...new Map(EVENTS.map((e) => [e.id, e])).values()];

function plainOutcomes(events: readonly Event[], key: (e: Event, provider: string) => string) {
  const sums = new Map<string, Outcomes>();
  for (const e of events) {
    const received = receivedOf(e);
    if (received === null) continue;
    const at = key(e, received.provider);
    const sum = sums.get(at) ?? { ...NOTHING };
    sums.set(at, sum);
    if (received.attempt) sum.sent++;
    if (received.what !== null) sum[received.what]++;
  }
  return sums;
}

function plainReputation(now: number): ReputationRow[] {
  const copyOf = (e: Event) => `${e.message} ${e.rcpt}`;
  const providers = new Map(
    ONCE.flatMap((e) =>
      e.type === "delivery.delivered" && e.data.address === IP ? [[copyOf(e), e.data.provider]] : []
    ),
  );
  const rowOf = (provider: string | null): ReputationRow => ({
    provider,
    windows: Object.fromEntries(
      Object.entries(WINDOWS).map(([name, length]) => {
        const within = ONCE.filter((e) => e.at >= now - length && e.at <= now);
        const own = within.filter((e) => "address" in e.data && e.data.address === IP);
        const sums = plainOutcomes(own, (_, p) => provider === null ? "" : p);
        const reacted = (is: (e: Event) => boolean) =>
          new Set(
            within.filter((e) => {
              const at = providers.get(copyOf(e));
              return is(e) && at !== undefined && (provider === null || at === provider);
            }).map(copyOf),
          ).size;
        return [name, {
          ...NOTHING,
          ...sums.get(provider ?? ""),
          complained: reacted((e) => e.type === "feedback.complained"),
          opened: reacted((e) => e.type === "engagement.opened" && !isMachine(e)),
        }];
      }),
    ) as Record<Window, ReputationRow["windows"][Window]>,
  });
  const names = new Set([
    ...plainOutcomes(
      ONCE.filter((e) =>
        e.at >= now - DAY && e.at <= now && "address" in e.data && e.data.address === IP
      ),
      (_, provider) => provider,
    ).keys(),
  ]);
  const rows = [...names].map(rowOf).sort((a, b) =>
    b.windows["24h"].sent - a.windows["24h"].sent || (a.provider! < b.provider! ? -1 : 1)
  );
  return [rowOf(null), ...rows];
}

Deno.test("what left from an address, and how it was received, as a plain fold has it", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  fill(log, EVENTS, 50);
  await catchUp({
    events: log,
    client,
    maxRows: 200,
    maxWaitMs: 5,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  });
  const queries = createQueries(client);
  const hourOf = (e: Event, provider: string) => `${e.at - e.at % HOUR} ${provider}`;

  await t.step("by hour and provider", async () => {
    const own = ONCE.filter((e) => "address" in e.data && e.data.address === IP);
    const rows = await queries.attempts({ address: IP, from: START, to: END });
    const told = new Map(rows.map(({ at, provider, ...sums }) => [`${at} ${provider}`, sums]));
    assert.deepEqual(
      told,
      new Map([...told.keys()].map((k) => [k, plainOutcomes(own, hourOf).get(k)])),
    );
    assert.equal(told.size, plainOutcomes(own, hourOf).size);
    assert.deepEqual(rows.map(({ at }) => at), rows.map(({ at }) => at).sort((a, b) => a - b));
    const [from, to] = [START + 20 * HOUR, START + 30 * HOUR];
    const part = await queries.attempts({ address: IP, from, to });
    assert.deepEqual(part, rows.filter(({ at }) => at >= from && at < to));
    assert.deepEqual(await queries.attempts({ address: "' OR 1 --", from: START, to: END }), []);
  });

  await t.step("of accounts, besides a pool", async () => {
    const besides = { accounts: ["demo"], pool: "dedicated" };
    const rows = await queries.attempts({ besides, from: START, to: END });
    const others = ONCE.filter((e) =>
      e.account === "demo" && "pool" in e.data && e.data.pool === "shared" &&
      "reply" in e.data && e.data.reply !== null &&
      !("mode" in e.data && e.data.mode === "async")
    );
    assert.equal(rows.reduce((sum, { sent }) => sum + sent, 0), others.length);
  });

  await t.step("reputation in three windows", async () => {
    for (const hours of [30, 48.2, 66]) {
      const now = START + hours * HOUR;
      assert.deepEqual(await queries.reputation(IP, now), plainReputation(now));
    }
    const nothing = { ...NOTHING, complained: 0, opened: 0 };
    assert.deepEqual(await queries.reputation("192.0.2.99", START), [
      { provider: null, windows: { "15m": nothing, "1h": nothing, "24h": nothing } },
    ]);
  });

  await t.step("what arrived, by minute", async () => {
    const range = { from: START, to: START + 2 * DAY };
    const rows = await queries.arrivals("demo", range);
    const expected = ONCE.filter((e) =>
      e.type === "message.accepted" && e.account === "demo" && e.at < range.to
    );
    const copies = expected.reduce(
      (sum, e) => sum + (e.type === "message.accepted" ? e.data.recipients.length : 0),
      0,
    );
    assert.equal(rows.reduce((sum, { count }) => sum + count, 0), copies);
    assert(rows.every(({ at }) => at % 60_000 === 0 && expected.some((e) => e.at - at < 60_000)));
  });
});
