import assert from "node:assert/strict";
import fc from "fast-check";
import { advance, capOfDay, type DayReport, standingAfter, undecidedDays } from "./advance.ts";
import { DEFAULT_CALENDAR as calendar } from "./calendar.ts";
import { DAY, HOUR } from "./time.ts";

const report = (more: Partial<DayReport>): DayReport => ({
  sent: 500,
  bounced: 0,
  deferred: 0,
  complained: 0,
  ...more,
});

Deno.test("what each day leads to", async (t) => {
  const cases: [string, number, number, Partial<DayReport>, string, number | null, string][] = [
    ["well received", 3, 500, {}, "advance", 4, "well-received"],
    ["nothing sent", 3, 500, { sent: 0 }, "hold", 3, "no-traffic"],
    ["paused", 3, 500, { sent: 0, paused: true }, "hold", 3, "paused"],
    ["too little", 3, 500, { sent: 124 }, "hold", 3, "little-traffic"],
    ["just enough", 3, 500, { sent: 125 }, "advance", 4, "well-received"],
    [
      "one complaint of 50 is no rate",
      1,
      50,
      { sent: 50, complained: 1 },
      "advance",
      2,
      "well-received",
    ],
    ["0.4 % complaints, but only two", 3, 500, { complained: 2 }, "hold", 3, "complained"],
    ["0.6 % complaints", 3, 500, { complained: 3 }, "back", 2, "complained"],
    ["0.1 % complaints", 6, 10_000, { sent: 10_000, complained: 10 }, "hold", 6, "complained"],
    ["0.3 % complaints", 6, 10_000, { sent: 10_000, complained: 30 }, "back", 5, "complained"],
    ["5 % bounced", 3, 500, { bounced: 25 }, "hold", 3, "bounced"],
    ["4.8 % bounced", 3, 500, { bounced: 24 }, "advance", 4, "well-received"],
    ["10 % bounced", 3, 500, { bounced: 50 }, "back", 2, "bounced"],
    ["a fifth deferred", 3, 500, { deferred: 100 }, "hold", 3, "deferred"],
    ["half deferred", 3, 500, { deferred: 250 }, "back", 2, "deferred"],
    ["no day before the first", 1, 50, { sent: 50, bounced: 20 }, "back", 1, "bounced"],
    ["little and bad: bad counts", 3, 500, { sent: 60, bounced: 10 }, "back", 2, "bounced"],
    ["the last day", 21, 1_550_000, { sent: 900_000 }, "finish", null, "calendar-ended"],
    ["the last day, held", 21, 1_550_000, { sent: 90_000 }, "hold", 21, "little-traffic"],
  ];
  for (const [name, day, cap, change, decision, next, rule] of cases) {
    await t.step(name, () => {
      const made = advance({ calendar, day, cap, report: report(change) });
      assert.deepEqual([made.decision, made.day, made.rule], [decision, next, rule]);
      assert.equal(made.figures["sent"], change.sent ?? 500);
    });
  }
});

Deno.test("in words, with the figures", () => {
  const made = advance({ calendar, day: 3, cap: 500, report: report({ sent: 480, bounced: 2 }) });
  assert.equal(
    made.words,
    "Day 4 follows: 480 of 500 sent, 0 % complained, 0.42 % bounced, 0 % deferred.",
  );
  assert.equal(made.cap, 1000);
});

Deno.test("worse figures never lead further", () => {
  const days = fc.record({
    sent: fc.nat(1000),
    bounced: fc.nat(200),
    deferred: fc.nat(600),
    complained: fc.nat(10),
  });
  fc.assert(fc.property(days, days, fc.integer({ min: 1, max: 21 }), (a, more, day) => {
    const worse = { ...a };
    for (const key of ["bounced", "deferred", "complained"] as const) worse[key] += more[key];
    const next = (r: DayReport) => advance({ calendar, day, cap: 1000, report: r }).day ?? Infinity;
    assert.ok(next(worse) <= next(a));
    assert.ok(next(a) <= day + 1 || day === 21);
  }));
});

Deno.test("days without a decision are found, and their cap is the careful one", () => {
  const since = Date.UTC(2026, 10, 20);
  const standing = { kind: "warming", day: 4, since } as const;
  assert.deepEqual(undecidedDays(standing, since + 5 * HOUR), []);
  assert.deepEqual(undecidedDays(standing, since + 2 * DAY + HOUR), [since, since + DAY]);
  assert.deepEqual(capOfDay(calendar, standing, since), { day: 4, cap: 1000 });
  assert.deepEqual(capOfDay(calendar, standing, since + DAY), { day: 4, cap: 500 });
  assert.equal(capOfDay(calendar, { kind: "warm" }, since), null);
  assert.equal(capOfDay(calendar, standing, since - 1), null);
  assert.deepEqual(standingAfter({ day: 5 }, since + DAY + HOUR), {
    kind: "warming",
    day: 5,
    since: since + DAY,
  });
  assert.deepEqual(standingAfter({ day: null }, since), { kind: "warm" });
});
