import assert from "node:assert/strict";
import fc from "fast-check";
import { derivedId, formatUuid, parseUuid, timeOfId, uuidv7 } from "./id.ts";

const TIME = fc.integer({ min: 0, max: 2 ** 48 - 1 });

Deno.test("a UUIDv7 has its form, carries its time and sorts by it (RFC 9562 §5.7)", () => {
  fc.assert(fc.property(TIME, TIME, (a, b) => {
    const [idA, idB] = [uuidv7(a), uuidv7(b)];
    assert.match(idA, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(timeOfId(idA), a);
    if (a !== b) assert.equal(idA < idB, a < b);
  }));
});

Deno.test("UUIDv7s of the same millisecond differ", () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => uuidv7(1_767_225_600_000)));
  assert.equal(ids.size, 10_000);
});

Deno.test("a derived id depends on all its parts, their order and kind, and on nothing else", () => {
  const id = derivedId("dsn", "019b76da-a800-7000-8000-000000000001", 3);
  assert.equal(id, derivedId("dsn", "019b76da-a800-7000-8000-000000000001", 3));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = [derivedId("a", "b"), derivedId("b", "a"), derivedId("ab"), derivedId("a,b")];
  others.push(derivedId(1), derivedId("1"), derivedId(), derivedId(""));
  assert.equal(new Set(others).size, others.length);
});

Deno.test("the text form of a UUID and its bytes say the same", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
    assert.deepEqual(parseUuid(formatUuid(bytes)), Uint8Array.from(bytes));
  }));
  assert.deepEqual(
    parseUuid("019B76DA-A800-7000-8000-0000000000FF"),
    parseUuid("019b76da-a800-7000-8000-0000000000ff"),
  );
});

Deno.test("what is no UUID is refused", () => {
  for (const text of ["", "17", "019b76da-a800-7000-8000-00000000000", "g".repeat(32)]) {
    assert.throws(() => parseUuid(text), TypeError);
  }
});
