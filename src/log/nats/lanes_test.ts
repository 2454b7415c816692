import assert from "node:assert/strict";
import fc from "fast-check";
import { Lanes } from "./lanes.ts";

function handOut(lanes: Lanes<number>): string[] {
  const got: string[] = [];
  for (let next = lanes.next(); next !== null; next = lanes.next()) got.push(next.lane);
  return got;
}

const many = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test("lanes take turns, each in its own order", () => {
  const lanes = new Lanes<number>({ most: 100, kept: 100 });
  lanes.add("a", [1, 2, 3]);
  lanes.add("b", [4]);
  lanes.add("c", [5, 6]);
  const got = many(6).map(() => lanes.next()!.item);
  assert.deepEqual(got, [1, 4, 5, 2, 6, 3]);
  assert.equal(lanes.next(), null);
});

Deno.test("a lane alone holds half, two a third each, and who comes later finds room", () => {
  const lanes = new Lanes<number>({ most: 90, kept: 1000 });
  lanes.add("a", many(200));
  assert.equal(handOut(lanes).length, 45);
  lanes.add("b", many(200));
  assert.equal(handOut(lanes).length, 23);
  lanes.add("late", [1]);
  assert.deepEqual(handOut(lanes), ["late"]);
  for (let i = 0; i < 45; i++) lanes.done("a");
  const got = handOut(lanes);
  assert.ok(got.length > 20 && got.includes("a"));
});

Deno.test("a place alone is given to anyone", () => {
  const lanes = new Lanes<number>({ most: 1, kept: 10 });
  lanes.add("a", [1, 2]);
  assert.deepEqual(handOut(lanes), ["a"]);
  lanes.done("a");
  assert.deepEqual(handOut(lanes), ["a"]);
});

Deno.test("what is too much of a lane is not taken, nor what comes behind it", () => {
  const lanes = new Lanes<number>({ most: 1, kept: 100 });
  let taken = 0;
  for (; lanes.takes("a"); taken++) lanes.add("a", [taken]);
  assert.equal(taken, 50);
  assert.ok(lanes.takes("b"));
  lanes.setParked("b", true);
  assert.ok(!lanes.takes("b"));
  lanes.setParked("b", false);
  assert.ok(lanes.takes("b"));
  assert.equal(lanes.clear().length, 50);
  assert.ok(lanes.takes("a"));
});

Deno.test("whatever comes and goes: nothing is lost, and never more is out than may be", () => {
  const step = fc.tuple(fc.constantFrom("add", "next", "done"), fc.constantFrom("a", "b", "c"));
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step), (most, steps) => {
    const lanes = new Lanes<number>({ most, kept: 16 });
    const added: number[] = [];
    const got: number[] = [];
    const out: string[] = [];
    for (const [what, lane] of steps) {
      if (what === "add") {
        added.push(added.length);
        lanes.add(lane, [added.length - 1]);
      } else if (what === "next") {
        const next = lanes.next();
        if (next !== null) {
          got.push(next.item);
          out.push(next.lane);
        } else assert.ok(out.length > 0 || got.length === added.length);
      } else if (out.length > 0) lanes.done(out.shift()!);
      assert.ok(out.length <= most);
    }
    assert.deepEqual([...got, ...lanes.clear()].sort((a, b) => a - b), added);
  }));
});
