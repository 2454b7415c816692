import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { isSealed, mac } from "./hmac.ts";

Deno.test("the code is HMAC-SHA-256 as anybody computes it, whatever was computed before", () => {
  const secrets = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(secrets, messages, fc.integer({ min: 1, max: 32 }), (secret, all, length) => {
      for (const message of all) {
        const expected = createHmac("sha256", secret).update(message).digest().subarray(0, length);
        assert.deepEqual([...mac(secret, message, length)], [...expected]);
      }
    }),
  );
});

Deno.test("each length around a block's end is closed right", () => {
  const secret = new Uint8Array(32).fill(7);
  for (let length = 0; length < 200; length++) {
    const message = Uint8Array.from({ length }, (_, i) => i);
    assert.equal(
      mac(secret, message, 32).toHex(),
      createHmac("sha256", secret).update(message).digest("hex"),
      `${length}`,
    );
  }
});

Deno.test("a seal is one over all before it, and of its own length", () => {
  const secrets = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const lengths = fc.integer({ min: 1, max: 32 });
  fc.assert(
    fc.property(
      secrets,
      fc.uint8Array({ maxLength: 200 }),
      lengths,
      fc.nat(),
      (key, text, n, at) => {
        const sealed = new Uint8Array([...text, ...mac(key, text, n), 0]);
        const end = text.length + n;
        assert(isSealed(key, sealed, end, n));
        sealed[at % end]! ^= 1 + at % 255;
        assert(!isSealed(key, sealed, end, n));
      },
    ),
  );
});
