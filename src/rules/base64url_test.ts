import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { decodeBase64url, encodeBase64url } from "./base64url.ts";

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
