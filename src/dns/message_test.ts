import assert from "node:assert/strict";
import fc from "fast-check";
import { createTtlCache } from "./cache.ts";
import { DnsFormatError } from "./error.ts";
import { decodeResponse, encodeQuery } from "./message.ts";
import { decodeName } from "./name.ts";

Deno.test("whatever arrives is read or refused, never worse", () => {
  const head = encodeQuery(7, "a.test", "MX");
  head[2] = 0x81;
  head[7] = 2;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, prefixed) => {
      const message = prefixed ? Uint8Array.from([...head, ...bytes]) : bytes;
      try {
        decodeResponse(message);
      } catch (error) {
        assert(error instanceof DnsFormatError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("a compression pointer that leads in a circle is refused", () => {
  assert.throws(() => decodeName(Uint8Array.of(0xc0, 0), 0), DnsFormatError);
  assert.throws(() => decodeName(Uint8Array.of(1, 97, 0xc0, 0), 0), DnsFormatError);
});

Deno.test("the cache forgets the least recently used first, and everything in time", () => {
  let time = 0;
  const cache = createTtlCache<number>({ max: 2, now: () => time });
  cache.set("a", 1, 10);
  cache.set("b", 2, 10);
  cache.get("a");
  cache.set("c", 3, 10);
  assert.deepEqual(["a", "b", "c"].map((k) => cache.get(k)), [1, undefined, 3]);
  time = 10;
  assert.equal(cache.get("a"), undefined);
  assert(cache.size <= 2);
});
