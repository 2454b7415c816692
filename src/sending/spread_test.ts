import assert from "node:assert/strict";
import fc from "fast-check";
import { leastUsed, spread } from "./spread.ts";

const share = fc.record({
  used: fc.nat(500),
  weight: fc.integer({ min: 1, max: 1000 }),
  left: fc.oneof(fc.nat(300), fc.constant(Infinity)),
});

Deno.test("in one go as one by one", () => {
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 8 }), fc.nat(900), (shares, count) => {
      const one = shares.map(() => 0);
      for (let i = 0; i < count; i++) {
        const next = leastUsed(shares.map((s, i) => ({
          used: s.used + one[i]!,
          weight: s.weight,
          left: s.left - one[i]!,
        })));
        if (next >= 0) one[next]!++;
      }
      assert.deepEqual(spread(shares, count), one);
    }),
    { numRuns: 500 },
  );
});

Deno.test("equals in turn; by their weight; none beyond what is left", () => {
  const equal = { used: 0, weight: 10, left: 100 };
  assert.deepEqual(spread([equal, equal, equal], 10), [4, 3, 3]);
  assert.deepEqual(spread([equal, { ...equal, weight: 30 }], 40), [10, 30]);
  assert.deepEqual(spread([{ ...equal, left: 2 }, { ...equal, left: 3 }], 40), [2, 3]);
  assert.deepEqual(spread([], 3), []);
  assert.equal(leastUsed([{ ...equal, left: 0 }]), -1);
});
