import assert from "node:assert/strict";
import fc from "fast-check";
import { hourCap, nextRelease, releasedBy } from "./allowance.ts";
import { CalendarError, capOn, DEFAULT_CALENDAR, defineCalendar, providerCap } from "./calendar.ts";
import { DAY, HOUR, MINUTE, SLOT, startOf } from "./time.ts";

const MIDNIGHT = Date.UTC(2026, 10, 22);

Deno.test("the default calendar is the seed's", () => {
  const caps = Array.from({ length: 22 }, (_, i) => capOn(DEFAULT_CALENDAR, i + 1));
  assert.deepEqual(caps.slice(0, 14), [
    50,
    100,
    500,
    1000,
    5000,
    10_000,
    20_000,
    40_000,
    70_000,
    100_000,
    150_000,
    250_000,
    350_000,
    500_000,
  ]);
  assert.deepEqual(caps.slice(14, 17), [650_000, 800_000, 950_000]);
  assert.equal(caps[20], 1_550_000);
  assert.equal(caps[21], Infinity);
});

Deno.test("a calendar of one's own, and those that are refused", () => {
  const data = {
    calendar: "c",
    days: [10, 20],
    increment: 5,
    lastDay: 4,
    providers: { google: 0.35 },
  };
  const calendar = defineCalendar(data);
  assert.deepEqual([1, 2, 3, 4, 5].map((day) => capOn(calendar, day)), [10, 20, 25, 30, Infinity]);
  assert.equal(providerCap(calendar, "google", 30), 10);
  assert.equal(providerCap(calendar, "orange", 30), null);
  const refused: [Partial<typeof data> | { providers: Record<string, number> }, RegExp][] = [
    [{ days: [10, 9] }, /day 2 allows less than day 1/],
    [{ lastDay: 1 }, /last day, 1, comes before the 2 days/],
    [{ providers: { "G oogle": 0.5 } }, /not a provider's share/],
    [{ providers: { google: 1.5 } }, /not a provider's share/],
  ];
  for (const [change, words] of refused) {
    assert.throws(
      () => defineCalendar({ ...data, ...change }),
      (error) => error instanceof CalendarError && words.test(error.message),
    );
  }
});

const cap = fc.integer({ min: 0, max: 2_000_000 });
const moment = fc.integer({ min: 0, max: DAY - 1 }).map((ms) => MIDNIGHT + ms);

Deno.test("the hours of a day add up to its cap, and differ by one at the most", () => {
  fc.assert(fc.property(cap, (cap) => {
    const hours = Array.from({ length: 24 }, (_, hour) => hourCap(cap, hour));
    assert.equal(hours.reduce((a, b) => a + b, 0), cap);
    assert.ok(Math.max(...hours) - Math.min(...hours) <= 1);
  }));
});

Deno.test("within an hour more and more is released, at its end all of it", () => {
  fc.assert(fc.property(cap, moment, (cap, at) => {
    const start = startOf(at, HOUR);
    const all = hourCap(cap, (start - MIDNIGHT) / HOUR);
    const bySlot = Array.from({ length: 12 }, (_, i) => releasedBy(cap, start + i * SLOT));
    assert.deepEqual(bySlot, bySlot.toSorted((a, b) => a - b));
    assert.equal(bySlot[11], all);
    if (all > 12) assert.ok(bySlot[0]! <= all / 12);
    else assert.equal(bySlot[0], all);
  }));
});

Deno.test("the next release is the first moment at which there is more", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), moment, (cap, at) => {
    const next = nextRelease(cap, at)!;
    assert.ok(next > at);
    const free = (t: number) =>
      startOf(t, HOUR) === startOf(at, HOUR)
        ? releasedBy(cap, t) - releasedBy(cap, at)
        : releasedBy(cap, t);
    assert.ok(free(next) > 0);
    for (let t = startOf(at, SLOT) + SLOT; t < next; t += SLOT) assert.ok(free(t) <= 0);
  }));
});

Deno.test("day 1 of the default calendar, by hand", () => {
  assert.deepEqual([0, 1, 11, 12, 23].map((hour) => hourCap(50, hour)), [2, 2, 3, 2, 3]);
  assert.equal(releasedBy(50, MIDNIGHT + MINUTE), 2);
  assert.equal(nextRelease(50, MIDNIGHT + MINUTE), MIDNIGHT + HOUR);
  assert.equal(releasedBy(10_000, MIDNIGHT), 34);
  assert.equal(nextRelease(10_000, MIDNIGHT), MIDNIGHT + SLOT);
  assert.equal(nextRelease(0, MIDNIGHT), null);
  assert.equal(nextRelease(1, MIDNIGHT), MIDNIGHT + 23 * HOUR);
  assert.equal(releasedBy(Infinity, MIDNIGHT), Infinity);
});
