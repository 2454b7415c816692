import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import { startTestClickHouse } from "@chappe/src/embedded";
import { STATUSES } from "@chappe/src/rules";
import { halfCounted } from "../testing/half_counted.ts";
import { ACCOUNTS, randomness, traffic } from "../testing/traffic.ts";
import { type BounceKey, type Scope, TECHNICAL_KEYS, UNITS } from "./analyses.ts";
import { ask } from "./ask.ts";
import { createBuilder } from "./compiler.ts";
import { deliveries, STATUS_UNIT } from "./delivery.ts";
import { FIELD_NAMES } from "./fields.ts";
import { hits } from "./hits.ts";
import { createQueries } from "./mod.ts";
import type { Queries } from "./port.ts";
import { READING_PARTS } from "./reading_keys.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 9, 28);
const random = randomness(78);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const some = <T>(values: readonly T[], share: number) => values.filter(() => random() < share);

/** Sent some hours after their ids were given out; of the rest, one event in five comes much later. */
const EVENTS = traffic(78, 200, START)
  .map((event) => ({ ...event, at: event.at + 3 * HOUR, recorded: event.recorded + 3 * HOUR }))
  .map((event, i) => {
    const isLate = event.type !== "message.accepted" && random() < 0.2;
    return { event, turn: i + (isLate ? random() * 1500 : 0) };
  })
  .sort((a, b) => a.turn - b.turn).map(({ event }) => event);

/** All copies and hits of an account, as they stand now. */
async function standing(client: ClickHouseClient, account: string) {
  const db = createBuilder("chappe");
  const copies = await ask(client, deliveries(db, account, {}));
  const found = await ask(client, hits(db, account, {}));
  const sentAt = new Map(copies.map(({ message, sent_at }) => [message, sent_at]));
  return { copies, hits: found.map((hit) => ({ ...hit, sent_at: sentAt.get(hit.message)! })) };
}
type Standing = Awaited<ReturnType<typeof standing>>;
type Copy = Standing["copies"][number];
type Hit = Standing["hits"][number];

function someScope(copies: readonly Copy[]): Scope {
  const scope: Scope = {};
  const end = () => {
    const { sent_at } = pick(copies);
    const unit = pick([1, HOUR, 24 * HOUR, 24 * HOUR]);
    return Math.floor(sent_at / unit) * unit;
  };
  if (random() < 0.6) scope.from = end();
  if (random() < 0.6) scope.to = end();
  if (random() < 0.15) scope.campaign = pick(["spring", "autumn", ""]);
  if (random() < 0.05) scope.message = pick(copies).message;
  return scope;
}

function within<T extends Copy | Hit>(rows: readonly T[], scope: Scope): T[] {
  return rows.filter((row) =>
    row.sent_at >= (scope.from ?? 0) && row.sent_at < (scope.to ?? Infinity) &&
    (scope.campaign ?? row.campaign) === row.campaign &&
    (scope.message ?? row.message) === row.message
  );
}

const copyOf = ({ message, rcpt }: Hit) => `${message} ${rcpt}`;
const sorted = (rows: [string, unknown][]) => rows.sort(([a], [b]) => a < b ? -1 : 1);

const READ: Record<typeof TECHNICAL_KEYS[number], (hit: Hit) => string> = {
  os: (hit) => hit.os,
  osVersion: (hit) => `${hit.os} ${hit.os_version}`.trim(),
  browser: (hit) => hit.browser,
  browserVersion: (hit) => `${hit.browser} ${hit.browser_version}`.trim(),
  device: (hit) => hit.brand === "Apple" && hit.model !== "" ? hit.model : hit.brand,
  deviceType: (hit) => hit.device_type,
  model: (hit) => `${hit.brand} ${hit.model}`.trim(),
  support: (hit) => hit.support,
  mailClient: (hit) => hit.mail_client,
  language: (hit) => hit.language,
};

async function compareReadings(queries: Queries, account: string, scope: Scope, all: Hit[]) {
  const keys = some(random() < 0.8 ? READING_PARTS : TECHNICAL_KEYS, 0.4);
  const place = Math.floor(random() * (keys.length + 1));
  const question = {
    rows: keys.slice(0, place),
    columns: keys.slice(place),
    hits: pick(["opens", "clicks", "both"] as const),
    count: pick(["recipients", "hits"] as const),
    machines: random() < 0.5,
  };
  const groups = new Map<string, Hit[]>();
  for (const hit of all) {
    if (hit.machine === 1 && !question.machines) continue;
    if (question.hits !== "both" && question.hits !== `${hit.kind}s`) continue;
    for (let row = 0; row <= place; row++) {
      for (let column = place; column <= keys.length; column++) {
        const values = (from: number, to: number) => keys.slice(from, to).map((k) => READ[k](hit));
        const key = JSON.stringify([values(0, row), values(place, column)]);
        groups.set(key, [...groups.get(key) ?? [], hit]);
      }
    }
  }
  const expected = [...groups].map(([key, found]): [string, number] => [
    key,
    question.count === "hits" ? found.length : new Set(found.map(copyOf)).size,
  ]);
  const cells = await queries.technical(account, { ...scope, ...question });
  const given = cells.map((cell): [string, number] => [
    JSON.stringify([cell.row, cell.column]),
    cell.count,
  ]);
  assert.deepEqual(sorted(given), sorted(expected), JSON.stringify({ account, scope, question }));
}

async function compareReactions(queries: Queries, account: string, scope: Scope, all: Hit[]) {
  const unit = pick(["minute", "hour", "hour", "day"] as const);
  const units = 1 + Math.floor(random() * 60);
  const since = (hit: Hit) =>
    hit.since_sent >= 0 ? hit.since_sent : Math.max(0, hit.at - (hit.sent_at - 3 * HOUR));
  const place = (hit: Hit) => Math.min(Math.floor(since(hit) / UNITS[unit]), units);
  const people = all.filter(({ machine }) => machine === 0);
  const firsts = [...Map.groupBy(people, (hit) => `${copyOf(hit)} ${hit.kind}`).values()]
    .map((found) => found.reduce((a, b) => since(b) < since(a) ? b : a));
  const rows = await queries.reactions(account, { ...scope, unit, units });
  const count = (found: readonly Hit[], kind: string, n: number) =>
    found.filter((hit) => hit.kind === kind && place(hit) === n).length;
  const about = JSON.stringify({ account, scope, unit, units });
  rows.forEach(({ opened, clicked, opens, clicks }, n) => {
    assert.deepEqual([opened, clicked, opens, clicks], [
      count(firsts, "open", n),
      count(firsts, "click", n),
      count(people, "open", n),
      count(people, "click", n),
    ], about);
  });
}

const replyOf = ({ reply }: Copy) => reply === "" ? null : JSON.parse(reply);
const BOUNCE: Partial<Record<BounceKey, (copy: Copy) => string>> = {
  class: (copy) => copy.class,
  provider: (copy) => copy.provider,
  code: (copy) => String(replyOf(copy)?.code ?? ""),
  enhanced: (copy) => replyOf(copy)?.enhanced ?? "",
  domain: (copy) => copy.domain,
  campaign: (copy) => copy.campaign,
};

async function compareBounces(queries: Queries, account: string, scope: Scope, all: Copy[]) {
  const names = Object.keys(BOUNCE) as BounceKey[];
  const groupBy = some(random() < 0.7 ? names.slice(0, 4) : names, 0.4);
  if (groupBy.length === 0) groupBy.push("domain");
  const isNow = (status: string) => ({ status_key }: Copy) =>
    STATUSES[Math.floor(status_key / STATUS_UNIT) - 1] === status;
  const counts = (found: readonly Copy[]) => ({
    soft: found.filter(isNow("soft_bounced")).length,
    hard: found.filter(isNow("cancelled")).length,
  });
  const groups = Map.groupBy(
    all.filter((copy) => isNow("soft_bounced")(copy) || isNow("cancelled")(copy)),
    (copy) => JSON.stringify(groupBy.map((key) => BOUNCE[key]!(copy))),
  );
  const { items, total } = await queries.bounces(account, { ...scope, groupBy, limit: 1000 });
  const given = items.map(({ keys, ...rest }): [string, unknown] => [
    JSON.stringify(groupBy.map((key) => keys[key])),
    rest,
  ]);
  const expected = [...groups].map(([key, found]): [string, unknown] => [key, counts(found)]);
  const about = JSON.stringify({ account, scope, groupBy });
  assert.deepEqual(sorted(given), sorted(expected), about);
  const sent = all.length - all.filter(isNow("blacklisted")).length;
  assert.deepEqual(total, { ...counts(all), sent }, about);
}

/** Beside a condition that all copies meet, they are counted one by one (condition_test.ts). */
async function compareGroups(queries: Queries, account: string, { from, to, campaign }: Scope) {
  const groupBy = pick(FIELD_NAMES);
  const page = {
    groupBy,
    sort: pick(["count", "-count", "key", "-key"]),
    limit: pick([1, 3, 1000]),
    timezone: "Asia/Kathmandu",
  };
  const scope = { from, to, campaign };
  const all = { ...scope, where: { field: "rcpt", operator: "gte", value: 0 } as const };
  for (let [cursor, n] = [undefined as string | undefined, 0]; n < 3; n++) {
    const expected = await queries.groups(account, all, { ...page, cursor });
    const given = await queries.groups(account, scope, { ...page, cursor });
    assert.deepEqual(given, expected, JSON.stringify({ account, scope, page }));
    if (expected.next === null) break;
    cursor = expected.next;
  }
}

Deno.test("whatever is counted beforehand, so are bounces, groups and hits", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const queries = createQueries(client);
  const counted = await halfCounted(client, EVENTS, random, async (isCounted) => {
    for (const account of isCounted ? ACCOUNTS : ACCOUNTS.slice(0, 1)) {
      const now = await standing(client, account);
      for (let i = 0; i < 3; i++) {
        const scope = someScope(now.copies);
        const copies = within(now.copies, scope);
        const found = within(now.hits, scope);
        await compareReadings(queries, account, scope, found);
        await compareReactions(queries, account, scope, found);
        await compareBounces(queries, account, scope, copies);
        await compareGroups(queries, account, scope);
      }
    }
  });
  assert(counted >= 8, `only ${counted} days were counted`);
});
