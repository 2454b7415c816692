import assert from "node:assert/strict";
import fc from "fast-check";
import { chunkOf, grantedOf, spansOf } from "./quota.ts";

const AT = Date.UTC(2026, 10, 22, 9, 59, 59, 999);

Deno.test("hours and days are those of UTC", () => {
  assert.deepEqual(spansOf({ messagesPerHour: 10, messagesPerDay: 100 }, AT), [
    { kind: "hour", cap: 10, key: "hour.2026112209", endsAt: AT + 1 },
    { kind: "day", cap: 100, key: "day.20261122", endsAt: Date.UTC(2026, 10, 23) },
  ]);
  assert.equal(
    spansOf({ messagesPerHour: 10, messagesPerDay: null }, AT + 1)[0]!.key,
    "hour.2026112210",
  );
  assert.deepEqual(spansOf({ messagesPerHour: null, messagesPerDay: null }, AT), []);
});

Deno.test("small caps are taken one by one, large ones in chunks that shrink", () => {
  assert.equal(chunkOf(99, 0), 1);
  assert.equal(chunkOf(1000, 0), 20);
  assert.equal(chunkOf(1_000_000, 0), 100);
  assert.equal(chunkOf(1_000_000, 999_990), 1);
  assert.equal(chunkOf(10, 500), 1);
});

Deno.test("whatever nodes take and give back in between, all together get no more than the cap", () => {
  const step = fc.record({ asked: fc.integer({ min: 1, max: 30 }), late: fc.boolean() });
  fc.assert(fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step), (cap, steps) => {
    let counter = 0;
    let granted = 0;
    const owed: number[] = [];
    for (const { asked, late } of steps) {
      counter += asked;
      const got = grantedOf(cap, asked, counter);
      granted += got;
      owed.push(asked - got);
      // What was too much goes back at once, or after others have taken.
      if (!late) counter -= owed.splice(0).reduce((sum, amount) => sum + amount, 0);
      assert.ok(granted <= cap && counter >= granted);
    }
    counter -= owed.reduce((sum, amount) => sum + amount, 0);
    assert.equal(counter, granted);
  }));
});
