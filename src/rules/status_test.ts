import assert from "node:assert/strict";
import fc from "fast-check";
import { readStatusKey, type Status, STATUSES, statusKey } from "./status.ts";

Deno.test("a status key reads back", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STATUSES),
      fc.integer({ min: 0, max: 2 ** 43 - 1 }),
      (status, at) => assert.deepEqual(readStatusKey(statusKey(status, at)), { status, at }),
    ),
  );
});

Deno.test("keys are exact integers and order by strength first, then time", () => {
  const late = 2 ** 43 - 1;
  for (let i = 1; i < STATUSES.length; i++) {
    const weaker: Status = STATUSES[i - 1]!;
    assert(statusKey(STATUSES[i]!, 0) > statusKey(weaker, late));
    assert(Number.isSafeInteger(statusKey(STATUSES[i]!, late)));
  }
});
