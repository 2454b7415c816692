import assert from "node:assert/strict";
import { BYTES_PER_SECOND, Pace, type Sight } from "./pace.ts";

const PATIENCE = { idle: 300_000, message: 1_800_000 };

/** Looks at a session every five seconds; gives the second in which it is cut, or null. */
function watch(
  seconds: number,
  sight: (second: number, pace: Pace) => Partial<Sight>,
): number | null {
  const pace = new Pace(0);
  for (let second = 5; second <= seconds; second += 5) {
    const seen = { bytes: 0, receiving: false, known: false, ...sight(second, pace) };
    if (pace.isTooSlow(seen, PATIENCE, second * 1000)) return second;
  }
  return null;
}

Deno.test("who neither logs in nor sends within a minute is cut, whatever else it says", () => {
  assert.equal(watch(300, () => ({})), 65);
  assert.equal(watch(300, (second) => ({ bytes: second < 30 ? 0 : second })), 65);
  assert.equal(
    watch(300, (second, pace) => {
      pace.replied(second * 6, second * 1000);
      return { bytes: second * 6 };
    }),
    65,
  );
});

Deno.test("who is known may be idle, but not take more than 45 seconds over commands", () => {
  assert.equal(watch(1200, () => ({ known: true })), null);
  assert.equal(watch(1200, (second) => ({ known: true, bytes: second < 100 ? 0 : 1 })), 145);
  assert.equal(watch(1200, (second) => ({ known: true, bytes: second })), 50);
  const commandsOf30Seconds = watch(1200, (second, pace) => {
    if (second % 30 === 0) pace.replied(second, second * 1000);
    return { known: true, bytes: second };
  });
  assert.equal(commandsOf30Seconds, 55);
});

Deno.test("commands that end in time go on for as long as a message may take", () => {
  assert.equal(
    watch(3600, (second, pace) => {
      pace.replied(second, second * 1000);
      return { known: true, bytes: second };
    }),
    1805,
  );
  assert.equal(
    watch(3600, (second, pace) => {
      pace.replied(0, second * 1000);
      if (second % 1000 === 0) pace.finished(second * 1000);
      return { known: true };
    }),
    null,
  );
});

Deno.test("a message has to come at a kilobyte a second, in any 45 seconds", () => {
  const receiving = { known: true, receiving: true };
  assert.equal(watch(1200, (second) => ({ ...receiving, bytes: second })), 50);
  assert.equal(watch(1200, (second) => ({ ...receiving, bytes: second * BYTES_PER_SECOND })), null);
  const fastThenSlow = (second: number) => Math.min(second, 120) * 100_000 + second;
  assert.equal(watch(1200, (second) => ({ ...receiving, bytes: fastThenSlow(second) })), 185);
});

Deno.test("a small message that ends in time is fine", () => {
  const seconds = watch(600, (second, pace) => {
    const receiving = second % 60 < 45;
    if (!receiving) pace.replied(second, second * 1000);
    return { known: true, receiving, bytes: second };
  });
  assert.equal(seconds, null);
});
