import assert from "node:assert/strict";
import type { ShapingAction } from "../events/mod.ts";
import type { ShapingRule } from "./automation.ts";
import { backTest, type PastAttempt } from "./backtest.ts";
import { HOUR, MINUTE } from "./time.ts";

const rule = (action: ShapingAction): ShapingRule => ({
  name: "r",
  providers: ["yahoo"],
  match: { text: /TSS04/ },
  trigger: { replies: 2, withinMs: MINUTE },
  action,
  forMs: HOUR,
});
const attempt = (at: number, bad: boolean, more: Partial<PastAttempt> = {}): PastAttempt => ({
  at,
  provider: "yahoo",
  address: "192.0.2.1",
  pool: "acme",
  outcome: bad ? "deferred" : "delivered",
  reply: bad
    ? { code: 421, enhanced: "4.7.0", text: "[TSS04] temporarily deferred" }
    : { code: 250, enhanced: null, text: "ok" },
  ...more,
});
const SECOND = 1000;

Deno.test("a suspension: what it would have spared, and what it would have held up", () => {
  const past = [
    attempt(0, true),
    attempt(SECOND, true),
    attempt(2 * SECOND, true),
    attempt(3 * SECOND, false),
    attempt(4 * SECOND, false, { address: "192.0.2.2" }),
    attempt(5 * SECOND, false, { provider: "google" }),
    attempt(2 * HOUR, true),
  ];
  const result = backTest([rule({ kind: "suspend", scope: "address" })], past);
  assert.equal(result.measures.length, 1);
  const [{ from, until, moved, spared, delivered, words }] = result.measures as [
    typeof result.measures[number],
  ];
  assert.deepEqual([from, until, moved, spared, delivered], [SECOND, SECOND + HOUR, 2, 1, 1]);
  assert.match(words, /Nothing from 192\.0\.2\.1 to yahoo for 60 minutes/);
  assert.deepEqual(
    [result.attempts, result.moved, result.delayed, result.inForceMs],
    [7, 2, 0, HOUR],
  );
});

Deno.test("slowing down delays what is too fast, and only that", () => {
  const past = [
    attempt(0, true),
    attempt(1, true),
    ...[0, 1, 2, 60, 61, 120].map((s) => attempt(10 * SECOND + s * SECOND, false)),
  ];
  const { delayed, moved, delivered } = backTest([rule({ kind: "slow", perMinute: 1 })], past);
  assert.deepEqual([delayed, moved, delivered], [3, 0, 3]);
});

Deno.test("fewer connections keep nothing; a switched pool moves all of its pool", () => {
  const past = [
    attempt(0, true),
    attempt(1, true),
    attempt(2, false, { address: "192.0.2.2" }),
    attempt(3, false, { pool: "other" }),
  ];
  const few = backTest([rule({ kind: "connections", most: 1 })], past);
  assert.deepEqual([few.measures.length, few.moved, few.delayed], [1, 0, 0]);
  const switched = backTest([rule({ kind: "switch-pool", pool: "shared" })], past);
  assert.deepEqual([switched.moved, switched.delivered], [1, 1]);
});

Deno.test("a measure that did not help is prolonged, and counted once", () => {
  const past = [0, 1, 40, 41].map((m) => attempt(m * MINUTE, true));
  const { measures, inForceMs } = backTest([rule({ kind: "connections", most: 1 })], past);
  assert.deepEqual(measures.map((m) => [m.from, m.until]), [
    [MINUTE, 41 * MINUTE],
    [41 * MINUTE, 101 * MINUTE],
  ]);
  assert.equal(inForceMs, 100 * MINUTE);
  assert.deepEqual(backTest([], past).measures, []);
});
