import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { STATUSES } from "@chappe/src/rules";
import { halfCounted } from "../testing/half_counted.ts";
import { ACCOUNTS, HOSTILE, randomness, traffic } from "../testing/traffic.ts";
import type { Scope } from "./analyses.ts";
import { ask } from "./ask.ts";
import { createBuilder } from "./compiler.ts";
import { deliveries, STATUS_UNIT } from "./delivery.ts";
import { type Counts, figures } from "./figures.ts";
import { isTime, SLOTS } from "./keys.ts";
import { createQueries } from "./mod.ts";
import { type Grouping, GROUPINGS, type Queries } from "./port.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 28);
const random = randomness(77);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;

/** Sent some hours after their ids were given out; one event in five comes much later than it should. */
const EVENTS = traffic(77, 300, START)
  .map((event) => ({ ...event, at: event.at + 3 * HOUR, recorded: event.recorded + 3 * HOUR }))
  .map((event, i) => ({ event, turn: i + (random() < 0.2 ? random() * 1500 : 0) }))
  .sort((a, b) => a.turn - b.turn).map(({ event }) => event);

type Copy = Awaited<ReturnType<typeof copiesOf>>[number];

/** All columns of all copies, as they stand now. */
async function copiesOf(client: ClickHouseClient, account: string) {
  const copies = await ask(client, deliveries(createBuilder("chappe"), account, {}));
  return copies.filter(({ sent_at }) => sent_at > 0);
}

function countsOf(copies: readonly Copy[]): Counts {
  const standing = (status: string) =>
    copies.filter((d) => STATUSES[Math.floor(d.status_key / STATUS_UNIT) - 1] === status).length;
  const sum = (value: (d: Copy) => number) => copies.reduce((sum, d) => sum + value(d), 0);
  return {
    sent: copies.length - standing("blacklisted"),
    pending: standing("pending"),
    deferred: standing("deferred"),
    softBounced: standing("soft_bounced"),
    cancelled: standing("cancelled"),
    blacklisted: standing("blacklisted"),
    delivered: sum((d) => d.delivered),
    opened: sum((d) => d.opened),
    clicked: sum((d) => d.clicked),
    complained: sum((d) => d.complained),
    unsubscribed: sum((d) => d.unsubscribed),
    machineOpened: sum((d) => d.machine_opened),
    machineClicked: sum((d) => d.machine_clicked),
    allOpened: sum((d) => d.opened | d.machine_opened | d.machine_clicked),
    allClicked: sum((d) => d.clicked | d.machine_clicked),
    opens: sum((d) => d.opens),
    clicks: sum((d) => d.clicks),
    machineOpens: sum((d) => d.machine_opens),
    machineClicks: sum((d) => d.machine_clicks),
  };
}

function keyOf(copy: Copy, groupBy: Grouping): string {
  if (isTime(groupBy)) {
    return new Date(Math.floor(copy.sent_at / SLOTS[groupBy]) * SLOTS[groupBy]).toISOString();
  }
  return groupBy === "billingCode" ? copy.billing_code : copy[groupBy];
}

function someScope(copies: readonly Copy[]): Scope {
  const scope: Scope = {};
  const end = () => {
    const { sent_at } = pick(copies);
    const unit = pick([1, 1, HOUR, 24 * HOUR]);
    return Math.floor(sent_at / unit) * unit;
  };
  if (random() < 0.7) scope.from = end();
  if (random() < 0.7) scope.to = random() < 0.1 ? (scope.from ?? 0) + 1000 : end();
  if (random() < 0.3) scope.campaign = pick(["spring", "autumn", "", HOSTILE[1]!]);
  if (random() < 0.1) scope.message = pick(copies).message;
  return scope;
}

function within(copies: readonly Copy[], scope: Scope): Copy[] {
  return copies.filter((d) =>
    d.sent_at >= (scope.from ?? 0) && d.sent_at < (scope.to ?? Infinity) &&
    (scope.campaign ?? d.campaign) === d.campaign && (scope.message ?? d.message) === d.message
  );
}

async function compare(queries: Queries, account: string, all: readonly Copy[]) {
  const scope = someScope(all);
  const copies = within(all, scope);
  const about = JSON.stringify({ account, scope });
  const total = figures(countsOf(copies));
  assert.deepEqual((await queries.stats(account, scope)).total, total, about);

  const groupBy = pick(GROUPINGS);
  const grouped = await queries.stats(account, { ...scope, groupBy });
  const groups = Map.groupBy(copies, (d) => keyOf(d, groupBy));
  assert.deepEqual(grouped.total, total, about);
  assert.equal(grouped.items.length, groups.size);
  for (const { key, ...found } of grouped.items) {
    assert.deepEqual(found, figures(countsOf(groups.get(key)!)), `${about} ${groupBy} ${key}`);
  }

  const dimension = pick([undefined, ...GROUPINGS]);
  const interval = pick(["hour", "day"] as const);
  const line = dimension === undefined || isTime(dimension) ? undefined : dimension;
  const { items } = await queries.series(account, {
    ...scope,
    interval,
    groupBy: line,
    lines: 100,
  });
  const points = Map.groupBy(
    copies,
    (d) => JSON.stringify([line === undefined ? "" : keyOf(d, line), keyOf(d, interval)]),
  );
  assert.equal(items.reduce((sum, item) => sum + item.points.length, 0), points.size);
  for (const { key, points: found } of items) {
    for (const { at, ...counted } of found) {
      const here = points.get(JSON.stringify([key, new Date(at).toISOString()]))!;
      assert.deepEqual(counted, figures(countsOf(here)), about);
    }
  }

  const hours = await queries.sendingHours(account, { ...scope, timezone: "Asia/Kathmandu" });
  const local = Map.groupBy(copies, ({ sent_at }) => {
    const at = new Date(sent_at + 5.75 * HOUR);
    return `${at.getUTCDay() || 7} ${at.getUTCHours()}`;
  });
  assert.equal(hours.length, local.size);
  for (const { weekday, hour, ...found } of hours) {
    const { sent, opened, clicked } = countsOf(local.get(`${weekday} ${hour}`)!);
    assert.deepEqual(found, { sent, opened, clicked }, about);
  }
}

Deno.test("whatever is counted beforehand, figures are those of the copies as they stand", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const queries = createQueries(client);
  const counted = await halfCounted(client, EVENTS, random, async (isCounted) => {
    for (const account of isCounted ? ACCOUNTS : ACCOUNTS.slice(0, 1)) {
      const copies = await copiesOf(client, account);
      for (let i = 0; i < 2; i++) await compare(queries, account, copies);
    }
  });
  assert(counted >= 8, `only ${counted} days were counted`);
});
