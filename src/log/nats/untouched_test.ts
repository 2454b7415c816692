import assert from "node:assert/strict";
import { Untouched } from "./untouched.ts";

const nth = (count: number, seq = 7) => ({ seq, count, consumerSeq: 0, at: 0 });

Deno.test("only the very next delivery of what was given back is as good as new, once", () => {
  const untouched = new Untouched();
  assert.equal(untouched.take(nth(1)), false);
  untouched.add(nth(1));
  assert.equal(untouched.take(nth(2, 8)), false);
  assert.equal(untouched.take(nth(2)), true);
  assert.equal(untouched.take(nth(2)), false);
  untouched.add(nth(2));
  assert.equal(untouched.take(nth(4)), false, "somebody else had it in between");
  untouched.add(nth(4));
  untouched.clear();
  assert.equal(untouched.take(nth(5)), false);
});

Deno.test("what is remembered is bounded", () => {
  const untouched = new Untouched();
  for (let seq = 1; seq <= 60_000; seq++) untouched.add(nth(1, seq));
  assert.equal(untouched.take(nth(2, 1)), false);
  assert.equal(untouched.take(nth(2, 60_000)), true);
});
