import assert from "node:assert/strict";
import * as fc from "fast-check";
import { TagTable } from "./tag_table.ts";

/** Few tags that differ in the bits that choose a slot, and many that do not: they collide. */
const tag = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.tuple(fc.nat(40), fc.nat(3)).map(([high, low]) => BigInt(high) << 32n | BigInt(low)),
);

Deno.test("it says what a map says, whatever comes and goes", () => {
  const steps = fc.array(fc.tuple(tag, fc.nat(5)), { maxLength: 300 });
  fc.assert(fc.property(steps, (todo) => {
    const table = new TagTable();
    const map = new Map<bigint, number>();
    for (const [tag, value] of todo) {
      if (value === 0) {
        table.delete(tag);
        map.delete(tag);
      } else {
        table.set(tag, value);
        map.set(tag, value);
      }
      assert.equal(table.size, map.size);
    }
    for (const [tag] of todo) assert.equal(table.get(tag), map.get(tag) ?? 0);
  }));
});

Deno.test("a full turn: all in, half out, the others stay; memory grows with what it holds", () => {
  const table = new TagTable();
  const spread = (i: number) => BigInt.asUintN(64, BigInt(i) * 0x9e3779b97f4a7c15n);
  for (let i = 0; i < 100_000; i++) table.set(spread(i), 1 + i % 250);
  assert.equal(table.size, 100_000);
  assert(table.bytes <= 9 * 262_144);
  for (let i = 0; i < 100_000; i += 2) table.delete(spread(i));
  for (let i = 0; i < 100_000; i++) {
    assert.equal(table.get(spread(i)), i % 2 === 0 ? 0 : 1 + i % 250);
  }
  for (let i = 0; i < 100_000; i++) table.delete(spread(i));
  assert.equal(table.size, 0);
  assert.equal(table.get(spread(1)), 0);
});
