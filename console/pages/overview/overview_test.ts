import assert from "node:assert/strict";
import fc from "fast-check";
import { NO_FIGURES } from "../../test_data.ts";
import { bucketsOf, RANGES, startOf } from "./buckets.ts";
import { ticks } from "../scale.ts";

const HOUR = 3_600_000;

Deno.test("every hour of the period falls into one step, and none is lost", () => {
  const zones = ["UTC", "Europe/Paris", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland"];
  const now = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 });
  const property = fc.property(
    now,
    fc.constantFrom(...zones),
    fc.constantFrom(...RANGES),
    (now, zone, range) => {
      const hourly = [];
      const start = Math.floor(startOf(range, now, zone) / HOUR) * HOUR;
      for (let at = start; at <= now; at += HOUR) {
        hourly.push({ key: new Date(at).toISOString(), ...NO_FIGURES, delivered: 1, opened: 1 });
      }
      const buckets = bucketsOf(hourly, range, now, zone);
      assert.equal(buckets.reduce((sum, b) => sum + b.delivered, 0), hourly.length);
      assert.equal(buckets.reduce((sum, b) => sum + b.opened, 0), hourly.length);
      assert(buckets.every((b, i) => i === 0 || b.at > buckets[i - 1]!.at));
    },
  );
  fc.assert(property, { numRuns: 25 });
});

Deno.test("steps are hours, quarters of days and days, of the reader's zone", () => {
  const now = Date.parse("2026-11-22T05:30:00Z");
  assert.equal(bucketsOf([], "24h", now, "Europe/Paris").length, 24);
  assert.equal(bucketsOf([], "7d", now, "Europe/Paris").length, 26, "until this morning");
  assert.equal(bucketsOf([], "30d", now, "Europe/Paris").length, 30);
  assert.equal(startOf("7d", now, "Europe/Paris"), Date.parse("2026-11-15T23:00:00Z"));
});

Deno.test("the axis has few, round, equal steps and reaches the maximum", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000 }), (max) => {
    const values = ticks(max);
    assert(values.at(-1)! >= max);
    assert(values.length >= 4 && values.length <= 6, values.join());
    const step = values[1]!;
    assert(Number.isInteger(step) && values.every((value, i) => value === i * step));
  }));
});
