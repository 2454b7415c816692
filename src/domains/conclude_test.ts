import assert from "node:assert/strict";
import type { DomainCheck } from "./check.ts";
import { conclude, type Doubts } from "./conclude.ts";
import { recordsOf } from "./records.ts";
import { nextCheckAt } from "./schedule.ts";
import { INSTALLATION, testDomain } from "./test_domain.ts";
import type { RecordStatus } from "./verdict.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const VERIFIED = testDomain({
  verifiedSelectors: new Set(["chappe1", "chappe2"]),
  returnPath: true,
});

/** A check that found the same for all records. */
function found(status: RecordStatus): DomainCheck {
  const records = recordsOf(VERIFIED, INSTALLATION).map((r) => ({ ...r, status, reason: "" }));
  return { selectors: [], returnPath: false, records };
}

/** What is known after checks at those times, from the start: `time → what each found`. */
function after(domain: typeof VERIFIED, checks: [number, RecordStatus][]) {
  let known = domain;
  let doubts: Doubts = new Map();
  for (const [at, status] of checks) {
    const concluded = conclude(known, found(status), doubts, at);
    const { keys, returnPath } = concluded.findings;
    doubts = concluded.doubts;
    known = { ...known, verifiedSelectors: new Set(keys.map((k) => k.selector)), returnPath };
  }
  return [[...known.verifiedSelectors].sort().join(" "), known.returnPath];
}

const ALL = ["chappe1 chappe2", true];
const NONE = ["", false];

for (
  const [name, domain, checks, expected] of [
    ["good news counts at once", testDomain(), [[0, "ok"]], ALL],
    ["no news verifies nothing", testDomain(), [[0, "unavailable"]], NONE],
    ["one no is not believed", VERIFIED, [[0, "missing"]], ALL],
    ["nor are many soon after one another", VERIFIED, [
      [0, "missing"],
      [5 * MINUTE, "wrong"],
      [HOUR - 1, "missing"],
    ], ALL],
    ["two an hour apart are", VERIFIED, [[0, "missing"], [HOUR, "wrong"]], NONE],
    [
      "a yes between begins anew",
      VERIFIED,
      [[0, "missing"], [HOUR / 2, "ok"], [HOUR, "wrong"]],
      ALL,
    ],
    ["trouble with the DNS never takes anything away", VERIFIED, [
      [0, "unavailable"],
      [DAY, "unavailable"],
      [2 * DAY, "unavailable"],
    ], ALL],
    ["but does not wipe out a no either", VERIFIED, [
      [0, "missing"],
      [HOUR, "unavailable"],
      [2 * HOUR, "missing"],
    ], NONE],
  ] as [string, typeof VERIFIED, [number, RecordStatus][], unknown[]][]
) {
  Deno.test(name, () => assert.deepEqual(after(domain, checks), expected));
}

Deno.test("a new domain is looked at at once, then often, then less", () => {
  const fresh = testDomain();
  assert.equal(nextCheckAt(fresh, null), 0);
  assert.equal(nextCheckAt(fresh, HOUR), HOUR + 5 * MINUTE);
  assert.equal(nextCheckAt(fresh, 4 * DAY), 5 * DAY);
  assert.equal(nextCheckAt(VERIFIED, HOUR), 7 * HOUR);
  assert.equal(nextCheckAt(VERIFIED, 4 * DAY), 4 * DAY + 6 * HOUR);
  const rotated = { ...VERIFIED, verifiedSelectors: new Set(["chappe1"]) };
  assert.equal(nextCheckAt(rotated, HOUR), HOUR + 5 * MINUTE);
  assert.equal(nextCheckAt(rotated, 4 * DAY), 4 * DAY + 6 * HOUR);
});
