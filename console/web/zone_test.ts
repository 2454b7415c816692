import assert from "node:assert/strict";
import fc from "fast-check";
import { momentOf, wallTime } from "./zone.ts";

Deno.test("wall time and moment are each other's inverse, to the minute", () => {
  const zones = ["UTC", "Europe/Paris", "Asia/Kolkata", "America/New_York", "Pacific/Auckland"];
  const minute = fc.integer({ min: 27_000_000, max: 31_000_000 });
  fc.assert(fc.property(minute, fc.constantFrom(...zones), (minute, zone) => {
    const wall = wallTime(minute * 60_000, zone);
    // In the hour that the autumn change repeats, either moment is right.
    assert.equal(wallTime(momentOf(wall, zone), zone), wall);
  }));
});

Deno.test("a date is its midnight in the zone", () => {
  assert.equal(momentOf("2026-07-01", "Europe/Paris"), Date.parse("2026-06-30T22:00Z"));
  assert.equal(momentOf("2026-12-01", "Europe/Paris"), Date.parse("2026-11-30T23:00Z"));
});

Deno.test("what is no date gives NaN", () => {
  for (const wall of ["", "2026-13-01", "tomorrow", "2026-01-01T25:00", "2026-1-1"]) {
    assert(Number.isNaN(momentOf(wall, "UTC")), wall);
  }
});
