import assert from "node:assert/strict";
import { Recent } from "./recent.ts";

Deno.test("holds so many answers, and lets go of what was asked for longest ago", () => {
  const recent = new Recent<string>(2);
  const made: string[] = [];
  const ask = (key: string) =>
    recent.get(key, () => {
      made.push(key);
      return key.toUpperCase();
    });
  assert.deepEqual(["a", "b", "a", "c", "a", "b"].map(ask), ["A", "B", "A", "C", "A", "B"]);
  assert.deepEqual(made, ["a", "b", "c", "b"]);
  assert.equal(recent.size, 2);
});
