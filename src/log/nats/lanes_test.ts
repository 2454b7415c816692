import assert from "node:assert/strict";
import fc from "fast-check";
import { alone, Lanes } from "./lanes.ts";

function lanesOf(most: number, waiting: Record<string, number>): Lanes<number> {
  const lanes = new Lanes<number>(most);
  add(lanes, waiting);
  return lanes;
}

function add(lanes: Lanes<number>, waiting: Record<string, number>): void {
  for (const [lane, count] of Object.entries(waiting)) {
    for (let i = 1; i <= count; i++) lanes.add(lane, i);
  }
}

function handOut(lanes: Lanes<number>): string[] {
  const got: string[] = [];
  for (let next = lanes.next(); next !== null; next = lanes.next()) {
    got.push(`${next.lane}${next.item}`);
  }
  return got;
}

Deno.test("lanes take turns, each in its own order", () => {
  const lanes = lanesOf(100, { a: 3, b: 1, c: 2 });
  assert.deepEqual(handOut(lanes), ["a1", "b1", "c1", "a2", "c2", "a3"]);
});

Deno.test("a lane alone holds half, two a third each, and who comes later finds room", () => {
  const lanes = lanesOf(90, { a: 200 });
  assert.equal(handOut(lanes).length, 45);
  assert.equal(alone(90), 45);
  add(lanes, { b: 200 });
  assert.equal(handOut(lanes).length, 23);
  add(lanes, { late: 1 });
  assert.deepEqual(handOut(lanes), ["late1"]);
  for (let i = 0; i < 45; i++) lanes.done("a");
  const got = handOut(lanes);
  assert.ok(got.length > 20 && got.includes("a46"));
});

Deno.test("a place alone is given to anyone", () => {
  const lanes = lanesOf(1, { a: 2 });
  assert.deepEqual(handOut(lanes), ["a1"]);
  lanes.done("a");
  assert.deepEqual(handOut(lanes), ["a2"]);
});

Deno.test("whatever comes and goes: nothing is lost, and never more is out than may be", () => {
  const step = fc.tuple(fc.constantFrom("add", "next", "done"), fc.constantFrom("a", "b", "c"));
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step), (most, steps) => {
    const lanes = new Lanes<number>(most);
    let added = 0;
    const got: number[] = [];
    const out: string[] = [];
    for (const [what, lane] of steps) {
      if (what === "add") lanes.add(lane, added++);
      else if (what === "done" && out.length > 0) lanes.done(out.shift()!);
      else if (what === "next") {
        const next = lanes.next();
        if (next !== null) {
          got.push(next.item);
          out.push(next.lane);
        } else assert.ok(out.length > 0 || got.length === added);
      }
      assert.ok(out.length <= most);
      for (const name of "abc") assert.ok(out.filter((o) => o === name).length <= alone(most));
    }
    const all = [...got, ...lanes].sort((a, b) => a - b);
    assert.deepEqual(all, Array.from({ length: added }, (_, i) => i));
  }));
});
