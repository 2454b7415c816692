/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { createFollower } from "./follower.ts";
import type { Report } from "./report.ts";
import { createReporter } from "./reporter.ts";
import type { KnownState } from "./state.ts";

const report = (n: number): Report => ({ kind: "unmeasured", id: String(n), at: n, token: "" });
/** Of one of the first ten. */
const LENGTH = JSON.stringify(report(0)).length;
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

/** A core that the test holds the switch of, and what requests left to be carried on. */
function setUp(maxHeld = 100, lifeMs = 50) {
  const core = { isAway: false, lose: 0, batches: [] as number[][] };
  const left: Promise<unknown>[] = [];
  const reporter = createReporter({
    report: (reports) => {
      if (core.isAway) return Promise.reject(new Error("away"));
      const lost = core.lose;
      core.lose = 0;
      core.batches.push(reports.slice(lost).map(({ at }) => at));
      return Promise.resolve(reports.map((_, i) => i < lost ? "lost" : "written"));
    },
  }, {
    maxBatch: 3,
    maxWaitMs: 1,
    maxHeldLength: maxHeld * LENGTH,
    retryMs: 1,
    lifeMs,
    now: Date.now,
  });
  const tend = () => reporter.tend((work) => left.push(work));
  return { core, left, reporter, tend };
}

Deno.test("one request carries on for all, in order and in batches", async () => {
  const { core, left, reporter, tend } = setUp();
  for (const n of upTo(7)) {
    assert(reporter.add(report(n)));
    tend();
  }
  assert.equal(left.length, 1);
  await Promise.all(left);
  assert.deepEqual(core.batches, [[0, 1, 2], [3, 4, 5], [6]]);
  tend();
  assert.equal(left.length, 1);
});

Deno.test("while the core is away nothing is lost, nor twice in what it took; the next request takes up", async () => {
  const { core, left, reporter, tend } = setUp(100, 20);
  core.isAway = true;
  for (const n of upTo(5)) reporter.add(report(n));
  tend();
  await Promise.all(left);
  assert.equal(reporter.held(), 5);
  core.isAway = false;
  tend();
  await Promise.all(left);
  assert.deepEqual(core.batches, [[0, 1, 2], [3, 4]]);
});

Deno.test("what the core lost is told again", async () => {
  const { core, left, reporter, tend } = setUp();
  core.lose = 2;
  for (const n of upTo(3)) reporter.add(report(n));
  tend();
  await Promise.all(left);
  assert.deepEqual(core.batches, [[2], [0, 1]]);
});

Deno.test("no more than agreed is held, the oldest", async () => {
  const { core, left, reporter, tend } = setUp(4);
  assert.deepEqual(upTo(6).map((n) => reporter.add(report(n))), [
    ...[true, true, true, true],
    ...[false, false],
  ]);
  tend();
  await Promise.all(left);
  assert.deepEqual(core.batches.flat(), upTo(4));
});

Deno.test("a worker asks for the state first, then behind its answers, and keeps what it knew", async () => {
  const clock = { now: 0 };
  const state = (): KnownState => ({
    keyOf: () => undefined,
    withdrawn: () => false,
    disabled: () => false,
  });
  const core = { answer: null as KnownState | "away" | null, asked: [] as string[] };
  const follower = createFollower({
    state: (version) => {
      core.asked.push(version);
      if (core.answer === "away") return Promise.reject(new Error("away"));
      if (core.answer === null) return Promise.resolve(null);
      return Promise.resolve({ version: `v${core.asked.length}`, state: core.answer });
    },
  }, { freshMs: 10_000, now: () => clock.now });
  const left: Promise<unknown>[] = [];
  const known = () => follower.known((work) => left.push(work));

  core.answer = "away";
  assert.equal(await known(), null);
  const first = core.answer = state();
  assert.equal(await known(), first);
  assert.equal(await known(), first);
  assert.deepEqual(core.asked, ["", ""]);

  clock.now += 20_000;
  const second = core.answer = state();
  assert.equal(await known(), first);
  await Promise.all(left);
  assert.equal(await known(), second);
  assert.deepEqual(core.asked, ["", "", "v2"]);

  clock.now += 20_000;
  core.answer = "away";
  await known();
  await Promise.all(left);
  assert.equal(await known(), second);
  clock.now += 20_000;
  core.answer = null;
  await known();
  await Promise.all(left);
  assert.equal(await known(), second);
  assert.equal(core.asked.at(-1), "v3");
});
