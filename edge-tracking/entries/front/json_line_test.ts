import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonLine } from "./json_line.ts";

const line = new JsonLine(10_000);
const written = (write: () => void): string => {
  line.restart();
  write();
  return line.written();
};

Deno.test("texts are written as JSON.stringify writes them, whatever the letters", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const json = written(() => {
        line.text(a);
        line.text(b);
      });
      assert.equal(json, JSON.stringify(a) + JSON.stringify(b));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("so are printable bytes and tabs, from among others", () => {
  const letters = fc.string({ unit: fc.constantFrom(..."\t \"\\/'<~az09") });
  fc.assert(fc.property(letters, (text) => {
    const bytes = new TextEncoder().encode(`x${text}y`);
    assert.equal(written(() => line.ascii(bytes, 1, bytes.length - 1)), JSON.stringify(text));
  }));
});

Deno.test("numbers are written in tens, all that an event may have", () => {
  const edges = [0, 9, 10, 999_999, 1_000_000, 1_000_001, 2 ** 31, 2 ** 48 - 1, 10 ** 15];
  const numbers = fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat(), fc.nat());
  fc.assert(
    fc.property(numbers, (n) => assert.equal(written(() => line.number(n)), String(n))),
    { numRuns: 2000 },
  );
});
