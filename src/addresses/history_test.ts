import assert from "node:assert/strict";
import fc from "fast-check";
import { type Event, event, type EventData, type EventType, uuidv7 } from "../events/mod.ts";
import type { Commit } from "../log/mod.ts";
import {
  type Calendar,
  capOn,
  DAY,
  DEFAULT_CALENDAR,
  NO_SENDING,
  simulate,
} from "../sending/mod.ts";
import { RefusedError } from "../settings/mod.ts";
import {
  PAST_DAYS,
  pastArrivals,
  pastAttempts,
  pastSince,
  planOf,
  readHistory,
  scenarioOf,
  standingOf,
} from "./mod.ts";

const IP = "192.0.2.1";
const TODAY = Date.UTC(2026, 10, 22);
const NOW = TODAY + DAY / 2;

function fact<T extends EventType>(type: T, at: number, data: EventData<T>, more = {}): Event {
  const envelope = { id: uuidv7(at), account: "platform", at, ...more };
  return { ...event(type, envelope, data), recorded: at } as unknown as Event;
}
const logOf = (events: Event[]) => ({
  async *read({ since = 0 }: { since?: number }): AsyncGenerator<Commit> {
    for (const [i, e] of events.entries()) {
      const family = e.type.split(".")[0] as Commit["family"];
      if (e.recorded >= since) yield { seq: i + 1, family, recorded: e.recorded, events: [e] };
    }
  },
});

const added = (at: number, day: number) =>
  fact("settings.address-added", at, {
    address: IP,
    ehlo: "a.example",
    pool: "shared",
    calendar: "default",
    standing: { kind: "warming", day, date: new Date(at).toISOString().slice(0, 10) },
  });

Deno.test("an address's days are those it was given, by people and by decisions", async () => {
  const figures = { sent: 50 };
  const words = "Day 2 follows.";
  const other = { address: "192.0.2.2", list: "x", answers: [], words: "listed" };
  const { days, decisions } = await readHistory(
    logOf([
      added(TODAY - 2 * DAY, 1),
      fact("address.listed", TODAY - DAY, other),
      fact("address.warmup-advanced", TODAY - DAY, {
        address: IP,
        day: 2,
        date: "2026-11-21",
        cap: 100,
        rule: "well-received",
        figures,
        words,
      }, { by: "operator" }),
      fact("address.delisted", TODAY, { address: IP, list: "zen" }),
      fact("settings.address-changed", TODAY, {
        address: IP,
        standing: { kind: "warming", day: 5, date: "2026-11-22" },
      }),
    ]),
    IP,
  );
  assert.deepEqual([...days], [
    ["2026-11-20", { day: 1, cap: 50 }],
    ["2026-11-21", { day: 2, cap: 100 }],
    ["2026-11-22", { day: 5, cap: 5000 }],
  ]);
  assert.deepEqual(decisions[0], {
    at: TODAY - DAY,
    type: "address.warmup-advanced",
    rule: "well-received",
    figures,
    words,
    by: "operator",
  });
  assert.deepEqual([decisions[1]!.rule, decisions[1]!.words], [
    "zen",
    "The list no longer names it.",
  ]);
  assert.equal(standingOf(NO_SENDING, IP, NOW), null);
});

Deno.test("a plan follows the calendar to its end, and its hours add up", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 9 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 0, max: 3 }),
    (steps, day, late) => {
      const days = steps.toSorted((a, b) => a - b);
      const calendar: Calendar = {
        name: "x",
        days,
        increment: 7,
        lastDay: days.length + 3,
        providers: {},
      };
      const standing = { kind: "warming", day, since: TODAY - late * DAY } as const;
      const plan = planOf(calendar, standing, NOW, 100);
      for (const { cap, hours } of plan) assert.equal(hours.reduce((a, b) => a + b), cap);
      // Of a day about which nothing was decided: the cap of the day before.
      const today = capOn(calendar, late === 0 ? day : Math.max(1, day - 1));
      assert.equal(plan[0]?.cap, today === Infinity ? undefined : today);
      for (const { day, cap } of plan.slice(1)) assert.equal(cap, capOn(calendar, day));
    },
  ));
  assert.deepEqual(planOf(DEFAULT_CALENDAR, { kind: "warm" }, NOW, 9), []);
  assert.equal(
    planOf(DEFAULT_CALENDAR, { kind: "warming", day: 1, since: TODAY }, NOW, 3).length,
    3,
  );
});

const delivered = (at: number, message: string) =>
  fact("delivery.delivered", at, {
    attempt: 1,
    address: IP,
    pool: "shared",
    provider: "google",
    domain: "gmail.com",
    mx: "mx.example",
    tls: null,
    tookMs: 1,
    why: { rule: "test" },
    reply: { code: 250, enhanced: null, text: "Ok" },
  }, { account: "acme", message, rcpt: 0 });

Deno.test("the past is read as attempts, without bounces that came later", async () => {
  const message = uuidv7(TODAY);
  const sent = delivered(TODAY, message);
  const { reply, ...route } = sent.data as EventData<"delivery.delivered">;
  const bounce = { ...route, reply, error: null, class: "spam", kind: "hard" } as const;
  const log = logOf([
    delivered(TODAY - DAY, message),
    sent,
    fact("delivery.bounced", TODAY + 1, { ...bounce, mode: "async" }),
    fact("delivery.bounced", TODAY + 2, { ...bounce, mode: "sync" }),
    fact("delivery.cancelled", TODAY + 3, { by: "x", reason: "y" }),
  ]);
  const attempts = await Array.fromAsync(pastAttempts(log, TODAY));
  assert.deepEqual(attempts.map(({ at, outcome }) => [at, outcome]), [
    [TODAY, "delivered"],
    [TODAY + 2, "bounced"],
  ]);
  assert.deepEqual(await pastArrivals(log, "acme", 0), [], "no message was accepted");
});

Deno.test("whole weeks of the past come again on the same days of the week", () => {
  const asked = {
    addresses: 1,
    calendar: DEFAULT_CALENDAR,
    overflow: true,
    received: { bounced: 0, deferred: 0, complained: 0 },
  };
  const arrivedIn = (past: { at: number; provider: string; count: number }[], days: number) =>
    simulate(scenarioOf({ ...asked, days, traffic: { past } }, NOW)).days.map((d) => d.arrived);
  const day = (ago: number, count: number) => ({ at: TODAY - ago * DAY, provider: "a", count });
  assert.deepEqual(arrivedIn([day(2, 5), day(1, 7), day(0, 99)], 5), [5, 7, 5, 7, 5]);
  const tenDays = [day(10, 100), day(7, 3), day(1, 4)];
  const twoWeeks = arrivedIn(tenDays, 14);
  assert.deepEqual(twoWeeks, [3, 0, 0, 0, 0, 0, 4, 3, 0, 0, 0, 0, 0, 4]);
  assert.equal(pastSince(NOW), TODAY - PAST_DAYS * DAY);
  assert.throws(() => arrivedIn([day(0, 1)], 1), RefusedError);
});
