import assert from "node:assert/strict";
import { event, type NewEvent } from "./event.ts";
import { readWritten, typeOf, writeOut } from "./written.ts";

const made = event("suppression.removed", { id: crypto.randomUUID(), account: "a", at: 1 }, {
  by: '"type":"b.c"',
});

Deno.test("a written event says its type, wherever it stands in it", () => {
  const { type, ...rest } = made;
  const first = { type, ...rest } as NewEvent;
  assert(!writeOut(made).startsWith('{"type"') && writeOut(first).startsWith('{"type"'));
  for (const e of [made, first, writeOut(made), writeOut(first)]) {
    assert.equal(typeOf(e), "suppression.removed");
  }
});

Deno.test("a written event is read back as it was, and a piece of one is none", () => {
  const text = writeOut(made);
  assert.deepEqual(JSON.parse(readWritten(text)), made);
  for (let end = 0; end < text.length; end++) {
    assert.throws(() => readWritten(text.slice(0, end)), SyntaxError);
  }
});
