import assert from "node:assert/strict";
import fc from "fast-check";
import { nextAttemptAt, type RetryPolicy, retryWithEarly, STANDARD_RETRY } from "./retry.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** All attempts of a message that is never taken, each lasting `tookMs`: ms after acceptance. */
function attempts(answered: boolean, tookMs: number, policy?: RetryPolicy): number[] {
  const times: number[] = [];
  let at: number | null = 0;
  for (let attempt = 1; at !== null; attempt++) {
    times.push(at);
    at = nextAttemptAt({ attempt, acceptedAt: 0, now: at + tookMs, answered }, policy);
  }
  return times;
}

Deno.test("no answer: every 4 hours for 3 days", () => {
  assert.deepEqual(attempts(false, 0), Array.from({ length: 19 }, (_, i) => i * 4 * HOUR));
});

Deno.test("attempts that take their time still end with one at the very end", () => {
  const times = attempts(false, 30_000);
  assert.equal(times.at(-1), 72 * HOUR);
  assert.equal(times.length, 19);
});

Deno.test("temporary refusal: 5, 15, 60 minutes, then every 4 hours until 3 days are over", () => {
  const times = attempts(true, 0);
  assert.deepEqual(times.slice(0, 5), [
    0,
    5 * MINUTE,
    20 * MINUTE,
    80 * MINUTE,
    80 * MINUTE + 4 * HOUR,
  ]);
  assert.equal(times.at(-1), 72 * HOUR);
});

Deno.test("without early steps a refusal too is tried again every 4 hours for 3 days", () => {
  assert.deepEqual(attempts(true, 0, retryWithEarly([])), attempts(false, 0));
});

Deno.test("early steps of one's own, in minutes", () => {
  assert.deepEqual(attempts(true, 0, retryWithEarly([1, 0.5])).slice(0, 4), [
    0,
    MINUTE,
    1.5 * MINUTE,
    1.5 * MINUTE + 4 * HOUR,
  ]);
  assert.deepEqual(retryWithEarly([5, 15, 60]), STANDARD_RETRY);
});

Deno.test("the next attempt lies ahead and within the time, or there is none", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 100 * HOUR }),
      fc.boolean(),
      (attempt, now, answered) => {
        const at = nextAttemptAt({ attempt, acceptedAt: 0, now, answered });
        if (now >= STANDARD_RETRY.giveUpAfter) assert.equal(at, null);
        else assert(at !== null && at > now && at <= STANDARD_RETRY.giveUpAfter);
      },
    ),
  );
});
