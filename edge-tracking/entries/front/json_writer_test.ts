import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonWriter } from "./json_writer.ts";

const written = (write: (json: JsonWriter) => void): string => {
  const json = new JsonWriter(new Uint8Array(10_000));
  write(json);
  return new TextDecoder().decode(json.since(0));
};

Deno.test("texts are written as JSON.stringify writes them, whatever the letters", () => {
  const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
  );
  fc.assert(
    fc.property(texts, texts, (a, b) => {
      const json = written((json) => {
        json.text(a);
        json.text(b);
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
    assert.equal(written((json) => json.ascii(bytes, 1, bytes.length - 1)), JSON.stringify(text));
  }));
});

Deno.test("what stands already is copied, short or long", () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 200 }), { maxLength: 10 }), (texts) => {
    const pieces = texts.map((text) => new TextEncoder().encode(text));
    assert.equal(written((json) => pieces.forEach((piece) => json.raw(piece))), texts.join(""));
  }));
});

Deno.test("numbers are written in tens, all that an event may have", () => {
  const edges = [0, 9, 10, 999_999, 1_000_000, 1_000_001, 2 ** 31, 2 ** 48 - 1, 10 ** 15];
  const numbers = fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat(), fc.nat());
  fc.assert(
    fc.property(numbers, (n) => assert.equal(written((json) => json.number(n)), String(n))),
    { numRuns: 2000 },
  );
});
