import assert from "node:assert/strict";
import { createTurns } from "./turns.ts";

Deno.test("those of one kind come apart, each kind by itself", () => {
  const turns = createTurns();
  assert.deepEqual([1, 2, 3].map(() => turns("a", 1000, 5)), [1000, 1005, 1010]);
  assert.equal(turns("b", 1000, 5), 1000);
  assert.equal(turns("a", 5000, 5), 5000);
  assert.equal(turns("a", 4000, 1), 5001);
});

Deno.test("kinds are forgotten, the oldest first, when there are too many", () => {
  const turns = createTurns();
  for (let i = 0; i < 10_001; i++) turns(`kind ${i}`, 1000, 5);
  assert.equal(turns("kind 10000", 1000, 5), 1005);
  assert.equal(turns("kind 0", 1000, 5), 1000);
});
