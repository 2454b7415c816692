import assert from "node:assert/strict";
import fc from "fast-check";
import { hourCap } from "./allowance.ts";
import { advance, capOfDay, standingAfter } from "./advance.ts";
import { type ArrivalsOf, asTheyWere, madeUp, repeated } from "./arrivals.ts";
import { type Calendar, DEFAULT_CALENDAR } from "./calendar.ts";
import type { SendingState, Standing } from "./model.ts";
import { quotasOf } from "./quota.ts";
import { route } from "./route.ts";
import { type Scenario, simulate } from "./simulate.ts";
import { address, fact, given } from "./test_state.ts";
import { dateOf, DAY, HOUR, hourOf, MINUTE } from "./time.ts";
import { viewOf } from "./view.ts";

const start = Date.UTC(2026, 10, 22);
const scenario = (more: Partial<Scenario> = {}): Scenario => ({
  start,
  days: 1,
  arrivals: madeUp({ start, volumes: [5000] }),
  addresses: 2,
  calendar: DEFAULT_CALENDAR,
  overflow: true,
  received: { bounced: 0.01, deferred: 0.02, complained: 0 },
  ...more,
});
const OFFICE = [0, 0, 0, 0, 0, 0, 1, 2, 5, 8, 9, 8, 6, 7, 8, 8, 7, 5, 3, 2, 1, 0, 0, 0];

Deno.test("two addresses on day 1, 5,000 over the day: 100 from them, 4,900 from the shared pool", () => {
  const { days: [day], hours } = simulate(scenario());
  assert.deepEqual(day, {
    date: "2026-11-22",
    arrived: 5000,
    dedicated: 100,
    overflow: 4900,
    waiting: 0,
    givenUp: 0,
    longestWaitMs: 0,
    addresses: [1, 2].map(() => ({
      day: 1,
      cap: 50,
      sent: 50,
      words: "Day 2 follows: 50 of 50 sent, 0 % complained, 2 % bounced, 2 % deferred.",
    })),
  });
  for (const { at, dedicated } of hours) assert.equal(dedicated, 2 * hourCap(50, hourOf(at)));
});

Deno.test("5,000 at once: the hour's allowance, the rest at once from the shared pool", () => {
  const at = start + 9 * HOUR + 3 * MINUTE + 7;
  const past = Array.from({ length: 5000 }, () => ({ at, provider: "google" }));
  const { hours } = simulate(scenario({ arrivals: asTheyWere(past) }));
  const flow = hours.map(({ arrived, dedicated, overflow }) => [arrived, dedicated, overflow]);
  assert.deepEqual(flow[9], [5000, 2 * hourCap(50, 9), 5000 - 2 * hourCap(50, 9)]);
  assert.deepEqual(flow.filter(([arrived]) => arrived! > 0).length, 1);
});

Deno.test("over a warm-up: the calendar is followed, and one day carries all", () => {
  const { days, carriesAllFrom, warmOn } = simulate(scenario({
    days: 30,
    addresses: 6,
    arrivals: madeUp({ start, volumes: [500_000], profile: OFFICE }),
  }));
  for (const { arrived, dedicated, overflow, addresses } of days) {
    assert.equal(arrived, 500_000);
    assert.equal(dedicated + overflow, 500_000);
    for (const { cap, sent } of addresses) assert.ok(sent <= cap!);
  }
  assert.deepEqual(days.slice(0, 8).map((d) => d.addresses[0]!.day), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.equal(carriesAllFrom, "2026-12-03");
  assert.equal(warmOn, null);
});

Deno.test("a short calendar ends, and the address is warm", () => {
  const calendar: Calendar = {
    name: "short",
    days: [100, 1000],
    increment: 0,
    lastDay: 2,
    providers: {},
  };
  const { days, warmOn } = simulate(scenario({ days: 4, addresses: 1, calendar }));
  assert.equal(warmOn, "2026-11-24");
  assert.deepEqual(days.map((d) => d.overflow), [4900, 4000, 0, 0]);
  assert.deepEqual(days[2]!.addresses[0], { day: null, cap: null, sent: 5000, words: null });
});

Deno.test("badly received, it stays or steps back; without an overflow the surplus waits", () => {
  const bad = simulate(scenario({
    days: 6,
    received: { bounced: 0, deferred: 0, complained: 0.01 },
  }));
  assert.deepEqual(bad.days.map((d) => d.addresses[0]!.day), [1, 2, 3, 2, 3, 2]);
  const { days, carriesAllFrom } = simulate(scenario({ days: 8, overflow: false }));
  assert.deepEqual(days.slice(0, 2).map((d) => [d.dedicated, d.waiting]), [[100, 4900], [
    200,
    9700,
  ]]);
  assert.equal(days.reduce((sum, d) => sum + d.overflow, 0), 0);
  assert.ok(days[3]!.givenUp > 0 && days[3]!.longestWaitMs > 2 * DAY);
  const sent = days.reduce((sum, d) => sum + d.dedicated + d.givenUp, 0);
  assert.equal(sent + days.at(-1)!.waiting, 8 * 5000);
  assert.equal(carriesAllFrom, "2026-11-27");
});

/** The same one message after the other, with no batches at all. */
function oneByOne({ addresses, calendar, days, arrivals, received, overflow }: Scenario) {
  const ips = Array.from({ length: addresses }, (_, i) => `192.0.2.${i + 1}`);
  const { name, ...rest } = calendar;
  let state: SendingState = given(
    fact("settings.calendar-defined", { calendar: name, ...rest, days: [...calendar.days] }),
    fact("settings.pool-created", { pool: "own", kind: "dedicated", owner: "acme" }),
    fact("settings.pools-assigned", { pools: ["own"], overflow: overflow ? "shared" : null }, {
      account: "acme",
    }),
    ...ips.map((ip) => address(ip, "own", { day: 1, date: dateOf(start), calendar: name })),
  );
  const taken = new Map<string, number>();
  const hours: number[][] = Array.from({ length: days * 24 }, () => [0, 0]);
  const perDay: number[][] = [];
  let waiting: string[] = [];
  for (let day = start; day < start + days * DAY; day += DAY) {
    const all = Map.groupBy(arrivals(day), (arrived) => arrived.at);
    const sent = new Map<string, number>();
    for (let at = day; at < day + DAY; at += MINUTE) {
      for (const arrived of all.get(at) ?? []) {
        waiting.push(...Array<string>(arrived.count).fill(arrived.provider));
      }
      const still: string[] = [];
      for (const provider of waiting) {
        const result = route(state, { account: "acme", provider, at }, ({ ip }) => {
          const source = ip === null ? undefined : state.addresses.get(ip);
          const quotas = source === undefined ? [] : quotasOf(state, source, provider, at);
          const leftOf = (q: { key: string; limit: number }) => q.limit - (taken.get(q.key) ?? 0);
          const warm = taken.get(`${ip} ${Math.floor(at / HOUR)}`) ?? 0;
          return viewOf(quotas, leftOf, { warm, paceAt: at });
        });
        if (result.kind === "wait") {
          still.push(provider);
          continue;
        }
        const source = result.address === null ? undefined : state.addresses.get(result.address);
        const quotas = source === undefined ? [] : quotasOf(state, source, provider, at);
        for (
          const key of [...quotas.map((q) => q.key), `${result.address} ${Math.floor(at / HOUR)}`]
        ) {
          taken.set(key, (taken.get(key) ?? 0) + 1);
        }
        hours[Math.floor((at - start) / HOUR)]![source === undefined ? 1 : 0]!++;
        sent.set(result.address ?? "", (sent.get(result.address ?? "") ?? 0) + 1);
      }
      waiting = still;
    }
    perDay.push(ips.map((ip) => sent.get(ip) ?? 0));
    state = {
      ...state,
      addresses: new Map([...state.addresses].map(([ip, source]) => {
        const held = capOfDay(calendar, source.state as Standing, day);
        const n = sent.get(ip) ?? 0;
        const report = {
          sent: n,
          bounced: Math.round(n * received.bounced),
          deferred: Math.round(n * received.deferred),
          complained: Math.round(n * received.complained),
        };
        const decided = held && advance({ calendar, ...held, report });
        return [ip, {
          ...source,
          state: decided ? standingAfter(decided, day + DAY) : source.state,
        }];
      })),
    };
  }
  return { hours, perDay, waiting: waiting.length };
}

Deno.test("by the minute as one by one: each hour, each address", () => {
  const cases = fc.record({
    volume: fc.integer({ min: 1, max: 400 }),
    addresses: fc.integer({ min: 1, max: 3 }),
    overflow: fc.boolean(),
    caps: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
    share: fc.constantFrom(null, 0.2),
    complained: fc.constantFrom(0, 0.01),
  });
  fc.assert(
    fc.property(cases, ({ volume, addresses, overflow, caps, share, complained }) => {
      const days = caps.toSorted((a, b) => a - b);
      const made = scenario({
        days: 2,
        addresses,
        overflow,
        calendar: {
          name: "c",
          days,
          increment: 10,
          lastDay: days.length + 1,
          providers: share === null ? {} : { google: share },
        },
        arrivals: madeUp({
          start,
          volumes: [volume],
          profile: OFFICE,
          providers: { google: 3, orange: 2 },
        }),
        received: { bounced: 0.02, deferred: 0.05, complained },
      });
      const fast = simulate(made);
      const slow = oneByOne(made);
      assert.deepEqual(fast.hours.map((h) => [h.dedicated, h.overflow]), slow.hours);
      assert.deepEqual(fast.days.map((d) => d.addresses.map((a) => a.sent)), slow.perDay);
      assert.equal(fast.days.at(-1)!.waiting, slow.waiting);
    }),
    { numRuns: 20 },
  );
});

const total = (arrivals: ArrivalsOf, day: number) =>
  [...arrivals(day)].reduce((sum, { count }) => sum + count, 0);

Deno.test("arrivals add up, whatever the volume, profile and providers", () => {
  const weights = fc.array(fc.nat(9), { minLength: 24, maxLength: 24 })
    .filter((w) => w.some((x) => x > 0));
  fc.assert(
    fc.property(fc.nat(20_000), weights, fc.integer({ min: 1, max: 9 }), (volume, profile, w) => {
      const arrivals = madeUp({
        start,
        volumes: [1, volume],
        profile,
        providers: { a: w, b: 1, c: 3 },
      });
      assert.equal(total(arrivals, start + DAY), volume);
      assert.equal(total(arrivals, start + 5 * DAY), volume);
      const byHour = Array<number>(24).fill(0);
      for (const { at, count } of arrivals(start + DAY)) byHour[hourOf(at)]! += count;
      profile.forEach((weight, hour) => {
        if (weight === 0) assert.ok(byHour[hour]! <= 3);
      });
    }),
    { numRuns: 50 },
  );
});

Deno.test("numbers that make no sense are refused", () => {
  const wrong: [() => unknown, RegExp][] = [
    [() => simulate(scenario({ start: start + 1 })), /not the start of a UTC day/],
    [() => simulate(scenario({ days: 0 })), /1 to 1000 days/],
    [() => simulate(scenario({ addresses: 1.5 })), /1 to 100 addresses/],
    [
      () => simulate(scenario({ received: { bounced: 1.1, deferred: 0, complained: 0 } })),
      /between 0 and 1/,
    ],
    [() => madeUp({ start, volumes: [] }), /no volume/],
    [() => madeUp({ start, volumes: [1], profile: [1] }), /1 hours in a profile of 24/],
    [() => madeUp({ start, volumes: [-1] }), /below nought/],
    [() => madeUp({ start, volumes: [1], profile: Array(24).fill(0) }), /all weights are nought/],
  ];
  for (const [make, words] of wrong) assert.throws(make, words);
});

Deno.test("days of the past come again, as often as needed", () => {
  const past = asTheyWere([
    { at: start + 5 * MINUTE + 7, provider: "a" },
    { at: start + DAY, provider: "b", count: 3 },
    { at: start + DAY + 1, provider: "b" },
  ]);
  const later = start + 40 * DAY;
  const arrivals = repeated(past, { from: start, days: 2, start: later });
  const of = (n: number) => [...arrivals(later + n * DAY)];
  assert.deepEqual(of(0), [{ at: later + 5 * MINUTE, provider: "a", count: 1 }]);
  assert.deepEqual(of(5), [{ at: later + 5 * DAY, provider: "b", count: 4 }]);
});
