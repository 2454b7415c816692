import assert from "node:assert/strict";
import fc from "fast-check";
import { adviseByTraffic, adviseFor } from "./advice.ts";

Deno.test("the seed's table, its edges, its gap and its ends", () => {
  const cases: [number, number, string][] = [
    [0, 0, "below-table"],
    [9_999, 0, "below-table"],
    [10_000, 2, "table"],
    [60_000, 2, "table"],
    [60_001, 3, "table"],
    [150_000, 3, "table"],
    [150_001, 4, "between-rows"],
    [199_999, 4, "between-rows"],
    [200_000, 4, "table"],
    [320_000, 4, "table"],
    [400_000, 5, "table"],
    [550_000, 6, "table"],
    [550_001, 7, "beyond-table"],
    [1_100_000, 12, "beyond-table"],
  ];
  for (const [volume, addresses, basis] of cases) {
    const advice = adviseFor(volume);
    assert.deepEqual([advice.addresses, advice.basis], [addresses, basis], String(volume));
  }
  assert.match(adviseFor(170_000).words, /says nothing between 150,000 and 200,000/);
  assert.match(adviseFor(700_000).words, /The table ends at 550,000; .* 91,666 a day for each/);
});

Deno.test("more mail never needs fewer addresses", () => {
  fc.assert(fc.property(fc.nat(2_000_000), fc.nat(100_000), (volume, more) => {
    assert.ok(adviseFor(volume + more).addresses >= adviseFor(volume).addresses);
  }));
});

Deno.test("by an account's own traffic: a rare peak does not count, days off neither", () => {
  const days = [...Array(19).fill(50_000), 500_000, 0, 0];
  const advice = adviseByTraffic(days);
  assert.deepEqual([advice.volume, advice.addresses, advice.days], [50_000, 2, 20]);
  assert.match(advice.words, /On 95 % of 20 days/);
  assert.match(adviseByTraffic([70_000]).words, /1 days are few to go by/);
  assert.deepEqual(adviseByTraffic([]).words, "No traffic yet to go by.");
  assert.equal(adviseByTraffic(days, 1).volume, 500_000);
});
