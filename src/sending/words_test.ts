import assert from "node:assert/strict";
import { tellWhy } from "./words.ts";

const until = Date.UTC(2026, 10, 22, 10);

Deno.test("why, in words", () => {
  assert.deepEqual(tellWhy({ rule: "warm-up", figures: { day: 3, sentThisHour: 7, hour: 21 } }), [
    "The account's own address, on day 3 of its warm-up, still had some of this hour's allowance " +
    "left (7 of 21 taken).",
  ]);
  assert.deepEqual(
    tellWhy({
      rule: "overflow",
      figures: { addresses: 2 },
      alternatives: [
        { address: "192.0.2.1", pool: "acme", rule: "warm-up-day-1", until },
        { address: "192.0.2.2", pool: "acme", rule: "paused:complaints-1h" },
        { address: "192.0.2.3", pool: "acme", rule: "suspended:yahoo-tss04", until },
        { address: null, pool: "shared", rule: "pace", until },
        { address: "192.0.2.5", pool: "acme", rule: "no-allowance" },
      ],
    }),
    [
      "An address of the overflow pool, as none of the account's own was free.",
      "192.0.2.1 (acme): its allowance of day 1 was used up until 2026-11-22T10:00:00.000Z.",
      "192.0.2.2 (acme): paused (complaints-1h).",
      "192.0.2.3 (acme): suspended at this provider until 2026-11-22T10:00:00.000Z (yahoo-tss04).",
      "The system's address (shared): busy at this provider's pace until 2026-11-22T10:00:00.000Z.",
      "192.0.2.5 (acme): no-allowance.",
    ],
  );
  assert.deepEqual(tellWhy({ rule: "other", figures: { a: 1 } }), ["Rule other (a 1)."]);
  assert.deepEqual(tellWhy({ rule: "other" }), ["Rule other."]);
});
