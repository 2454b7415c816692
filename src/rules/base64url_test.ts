import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { decodeBase64url, decodeBase64urlBytes, encodeBase64url } from "./base64url.ts";

Deno.test("base64url is what others make of it, and reads back", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const text = encodeBase64url(bytes);
    assert.equal(text, Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(decodeBase64url(text), bytes);
  }));
});

Deno.test("each byte string has one text: what reads writes back the same", () => {
  const letters = fc.constantFrom(..."ABYZabyz0189-_=+/ \n\u00c1\u0141\uff21");
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 9 }).map((a) => a.join("")), (text) => {
      const bytes = decodeBase64url(text);
      if (bytes !== null) assert.equal(encodeBase64url(bytes), text);
    }),
    { numRuns: 5000 },
  );
});

Deno.test("letters that stand in bytes read the same as in a text", () => {
  const into = new Uint8Array(100);
  const letters = fc.constantFrom(..."AQgwZ089-_=+/ \n\u00c1");
  const texts = fc.oneof(
    fc.uint8Array({ maxLength: 100 }).map(encodeBase64url),
    fc.array(letters, { maxLength: 9 }).map((a) => a.join("")),
  );
  fc.assert(
    fc.property(texts, fc.nat(5), (text, before) => {
      const bytes = new TextEncoder().encode(" ".repeat(before) + text + "A");
      const length = decodeBase64urlBytes(bytes, before, bytes.length - 1, into);
      const expected = decodeBase64url(text);
      assert.deepEqual(length < 0 ? null : into.slice(0, length), expected);
    }),
    { numRuns: 5000 },
  );
  const long = new TextEncoder().encode("A".repeat(136));
  assert.equal(decodeBase64urlBytes(long, 0, long.length, into), -1);
});
