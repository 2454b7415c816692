import assert from "node:assert/strict";
import fc from "fast-check";
import { WARMEST, warmth } from "./warmth.ts";

Deno.test("nothing has no warmth, the most is warmest, and more is never cooler", () => {
  assert.equal(warmth(0, 0), 0);
  fc.assert(fc.property(fc.nat(1e6), fc.nat(1e6), fc.nat(1e6), (a, b, more) => {
    const [low, high] = [Math.min(a, b), Math.max(a, b)];
    const most = high + more;
    assert.equal(warmth(0, most), 0);
    assert.equal(warmth(most, most), most === 0 ? 0 : WARMEST);
    assert(warmth(low, most) <= warmth(high, most));
    assert.equal(warmth(high, most) > 0, high > 0);
  }));
});
