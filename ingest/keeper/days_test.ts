import assert from "node:assert/strict";
import type { Event, NewEvent } from "@chappe/src/events";
import { evolveSending, NO_SENDING, stateAt } from "@chappe/src/sending";
import { createFindDelivered } from "../delivered.ts";
import { until } from "../test_station.ts";
import { decideDays } from "./days.ts";
import {
  bounced,
  bouncedLater,
  complained,
  DAY,
  deferred,
  delivered,
  fact,
  HOUR,
  MINUTE,
  source,
  startKeeper,
  startWorld,
  times,
  type World,
} from "./test_keeper.ts";

const IP = "192.0.2.1";
const OTHER = "192.0.2.2";
/** A Monday. */
const MONDAY = Date.UTC(2026, 5, 1);

/** Mail over the day, as the log takes it: events of one time are one commit. */
async function traffic(world: World, events: readonly NewEvent[]): Promise<void> {
  for (const event of events.toSorted((a, b) => a.at - b.at)) {
    world.now = event.at;
    await world.append(event);
  }
}
const spread = (day: number, count: number, i: number) =>
  day + 8 * HOUR + Math.floor(i * 10 * HOUR / count);
const good = (day: number, count: number, address = IP) =>
  times(count, (i) => delivered({ at: spread(day, count, i), address }));

function decide(world: World): Promise<NewEvent[]> {
  const { events } = world.station;
  return decideDays({
    events,
    findDelivered: createFindDelivered(events),
    now: () => world.now,
    signal: new AbortController().signal,
  });
}
/** What was decided, as `type day rule`. */
const told = (facts: readonly (NewEvent | Event)[]) =>
  facts.flatMap((fact) => {
    switch (fact.type) {
      case "address.warmup-advanced":
      case "address.warmup-held":
      case "address.warmup-stepped-back":
        return [
          `${fact.data.address.slice(-1)} ${
            fact.type.slice(15)
          } ${fact.data.day} ${fact.data.rule}`,
        ];
      case "address.warmup-finished":
        return [`${fact.data.address.slice(-1)} ${fact.type.slice(15)} ${fact.data.rule}`];
      default:
        return [];
    }
  });

async function stateOf(world: World, ip: string) {
  const state = (await world.read("settings", "address")).reduce(evolveSending, NO_SENDING);
  return stateAt(state.addresses.get(ip)!, world.now);
}

Deno.test("a week: on where mail is received well, held, back, and still where nothing is sent", async () => {
  await using world = await startWorld();
  const day = (n: number) => MONDAY + n * DAY;
  world.now = MONDAY;
  await world.append(source(IP, MONDAY, { day: 1, date: "2026-06-01" }));
  const decisions: string[] = [];
  const endOf = async (n: number) => {
    world.now = day(n + 1) + MINUTE;
    decisions.push(...told(await decide(world)));
    assert.deepEqual(await decide(world), [], "once is enough");
  };

  await traffic(world, good(day(0), 50));
  await endOf(0);
  // Some bounces, the last of them told on the day by mail about mail of the day before.
  const tuesday = good(day(1), 95);
  await traffic(world, [
    ...tuesday,
    ...times(4, (i) => bounced({ at: day(1) + 9 * HOUR + i })),
    bouncedLater(tuesday[3]!, day(1) + 20 * HOUR),
  ]);
  await endOf(1);
  // Nothing on Wednesday, little on Thursday.
  await endOf(2);
  await traffic(world, good(day(3), 24));
  await endOf(3);
  // Complaints on Friday about mail of Thursday and Friday.
  const friday = good(day(4), 60);
  await traffic(world, [
    ...friday,
    ...friday.slice(0, 3).map((mail, i) => complained(mail, day(4) + 20 * HOUR + i)),
  ]);
  await endOf(4);
  await traffic(world, good(day(5), 50));
  await endOf(5);
  await traffic(world, [
    ...good(day(6), 60),
    ...times(40, (i) => deferred({ at: day(6) + 9 * HOUR + i })),
  ]);
  await endOf(6);
  assert.deepEqual(decisions, [
    "1 advanced 2 well-received",
    "1 held 2 bounced",
    "1 held 2 no-traffic",
    "1 held 2 little-traffic",
    "1 stepped-back 1 complained",
    "1 advanced 2 well-received",
    "1 held 2 deferred",
  ]);
  assert.deepEqual(await stateOf(world, IP), { kind: "warming", day: 2, since: day(7) });
});

Deno.test("days missed are made up for in their order, each with its own traffic", async () => {
  await using world = await startWorld();
  const day = (n: number) => MONDAY + n * DAY;
  world.now = MONDAY;
  await world.append(
    source(IP, MONDAY, { day: 1, date: "2026-06-01" }),
    source(OTHER, MONDAY, { day: 20, date: "2026-06-02" }),
  );
  await traffic(world, [...good(day(0), 50), ...good(day(1), 40), ...good(day(2), 490)]);
  world.now = day(3) + HOUR;
  // Two nodes at once decide once.
  await using _one = await startKeeper(world);
  await using _two = await startKeeper(world);
  await until(async () => (await world.read("address")).length >= 5);
  const facts = await world.read("address");
  assert.deepEqual(told(facts), [
    "1 advanced 2 well-received",
    "1 advanced 3 well-received",
    "1 advanced 4 well-received",
    "2 held 20 no-traffic",
    "2 held 20 no-traffic",
  ]);
  assert.deepEqual(facts.map(({ data }) => "figures" in data && data.figures["sent"]), [
    50,
    40,
    490,
    0,
    0,
  ]);
  assert.deepEqual(await stateOf(world, IP), { kind: "warming", day: 4, since: day(3) });

  // And again after the next midnight, by the clock alone.
  await traffic(world, good(day(3), 900));
  world.now = day(4) + 2 * MINUTE;
  await until(async () => (await world.read("address")).length >= 7);
  assert.deepEqual(told((await world.read("address")).slice(5)), [
    "1 advanced 5 well-received",
    "2 held 20 no-traffic",
  ]);
});

Deno.test("an address that was paused all day is told apart; behind a pause days are decided as well", async () => {
  await using world = await startWorld();
  world.now = MONDAY;
  const paused = (at: number) =>
    fact(
      "address.paused",
      { address: IP, until: null, rule: "by-hand", figures: {}, words: "x" },
      at,
    );
  await traffic(world, [
    source(IP, MONDAY, { day: 3, date: "2026-06-01" }),
    ...good(MONDAY, 400),
    paused(MONDAY + 20 * HOUR),
  ]);
  world.now = MONDAY + DAY + 2 * MINUTE;
  assert.deepEqual(told(await decide(world)), ["1 advanced 4 well-received"]);
  world.now = MONDAY + 2 * DAY + 2 * MINUTE;
  assert.deepEqual(told(await decide(world)), ["1 held 4 paused"]);
  await world.append(fact("address.resumed", { address: IP, words: "x" }, world.now));
  assert.deepEqual(await stateOf(world, IP), {
    kind: "warming",
    day: 4,
    since: MONDAY + 2 * DAY,
  });
  world.now = MONDAY + 3 * DAY + 2 * MINUTE;
  assert.deepEqual(told(await decide(world)), ["1 held 4 no-traffic"]);
});

Deno.test("the last day of a calendar ends it, also where the calendar was made shorter", async () => {
  await using world = await startWorld();
  world.now = MONDAY;
  const calendar = { calendar: "quick", days: [10, 20], increment: 0, lastDay: 2, providers: {} };
  await world.append(
    fact("settings.calendar-defined", calendar, MONDAY),
    ...[IP, OTHER].map((address, i) =>
      fact("settings.address-added", {
        address,
        ehlo: "out.acme.example",
        pool: "acme",
        calendar: "quick",
        standing: { kind: "warming", day: i === 0 ? 2 : 5, date: "2026-06-01" },
      }, MONDAY)
    ),
  );
  await traffic(world, good(MONDAY, 20));
  world.now = MONDAY + DAY + 2 * MINUTE;
  assert.deepEqual(told(await decide(world)), [
    "1 finished calendar-ended",
    "2 finished calendar-ended",
  ]);
  assert.deepEqual(await stateOf(world, OTHER), { kind: "warm" });
  world.now += DAY;
  assert.deepEqual(await decide(world), []);
});

Deno.test("mail recorded late counts for its day, and that of the next day does not", async () => {
  await using world = await startWorld();
  world.now = MONDAY;
  await world.append(source(IP, MONDAY, { day: 1, date: "2026-06-01" }));
  const late = times(20, (i) => delivered({ at: MONDAY + DAY - 1000 + i }));
  world.now = MONDAY + DAY + 30_000;
  await world.append(...late, ...times(30, (i) => delivered({ at: MONDAY + DAY + i })));
  world.now = MONDAY + DAY + MINUTE;
  const [fact] = await decide(world);
  assert.equal(fact?.type === "address.warmup-advanced" && fact.data.figures["sent"], 20);
});
