import assert from "node:assert/strict";
import fc from "fast-check";
import { event } from "./event.ts";
import { lineOf, readLines, startOfLine, writeLines } from "./written.ts";

const text = fc.string({ unit: "binary", maxLength: 100 });
const removed = (by: string, at: number) =>
  event("suppression.removed", { id: crypto.randomUUID(), account: "a", at }, { by });

Deno.test("lines are read as they were written, whatever text they hold", () => {
  fc.assert(fc.property(fc.array(text), fc.nat(), (texts, recorded) => {
    const events = texts.map(removed);
    const pieces = writeLines("suppression", events, recorded, 1000);
    assert(pieces.every(({ bytes, count }) => count === 1 || bytes.length <= 1000));
    assert.equal(pieces.reduce((sum, { count }) => sum + count, 0), events.length);
    // What is no Unicode (a lone surrogate) is escaped by JSON and survives too.
    assert.deepEqual(
      pieces.flatMap(({ bytes }) => readLines(bytes)),
      events.map((e) => ({ ...e, recorded })),
    );
    const lines = events.map((e) => startOfLine(recorded) + lineOf(e));
    assert.equal(
      pieces.map(({ bytes }) => new TextDecoder().decode(bytes)).join(""),
      lines.join(""),
    );
  }));
});

Deno.test("an event that fits into no commit is refused by its name", () => {
  assert.throws(
    () => writeLines("suppression", [removed("x".repeat(2000), 1)], 1, 1000),
    /^RangeError: suppression\.removed: \d+ bytes/,
  );
});
