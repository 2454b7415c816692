/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { type NewEvent, uuidv7 } from "@chappe/src/events";
import { createRecorder, type RecorderOptions } from "./buffer.ts";

const hit = (rcpt: number): NewEvent => ({
  type: "engagement.opened",
  v: 2,
  id: uuidv7(0),
  account: "demo",
  at: 0,
  rcpt,
  data: { mode: "date-only", userAgent: "", hints: {}, ip: "", sinceSent: null },
});

/** A log that the test holds the switches of. */
function fakeLog(options: Partial<RecorderOptions> = {}) {
  const batches: number[][] = [];
  const dropped: number[] = [];
  const log = { batches, dropped, failure: null as Error | null, gate: Promise.resolve() };
  const recorder = createRecorder({
    append: async (events) => {
      await log.gate;
      if (log.failure !== null) throw log.failure;
      batches.push(events.map((e) => e.rcpt!));
    },
    isPassing: (error) => (error as Error).message === "away",
    maxBatch: 3,
    maxWaitMs: 1,
    maxHeld: 5,
    retryMs: 1,
    onDropped: (count) => dropped.push(count),
    ...options,
  });
  return { log, recorder };
}

Deno.test("hits travel in order and in batches no longer than asked", async () => {
  const { log, recorder } = fakeLog({ maxHeld: 100 });
  const all = Array.from({ length: 20 }, (_, i) => recorder.confirm(hit(i)));
  assert(recorder.held() === 20);
  assert.deepEqual(new Set(await Promise.all(all)), new Set([true]));
  assert.deepEqual(log.batches.flat(), Array.from({ length: 20 }, (_, i) => i));
  assert(log.batches.every((b) => b.length <= 3));
  assert.equal(recorder.held(), 0);
  assert.equal(await recorder.close(), 0);
});

Deno.test("one append at a time", async () => {
  let now = 0;
  let most = 0;
  const { recorder } = fakeLog({
    maxHeld: 100,
    append: async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
    },
  });
  await Promise.all(Array.from({ length: 50 }, (_, i) => recorder.confirm(hit(i))));
  assert.equal(most, 1);
  await recorder.close();
});

Deno.test("while the log is away hits are held, then written in order; the oldest stay", async () => {
  const { log, recorder } = fakeLog();
  log.failure = new Error("away");
  const confirmed = Array.from({ length: 8 }, (_, i) => recorder.confirm(hit(i)));
  assert.deepEqual(await Promise.all(confirmed.slice(5)), [false, false, false]);
  assert.deepEqual(log.dropped, [1, 1, 1]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(recorder.held(), 5);
  log.failure = null;
  assert.deepEqual(await Promise.all(confirmed.slice(0, 5)), [true, true, true, true, true]);
  assert.deepEqual(log.batches.flat(), [0, 1, 2, 3, 4]);
  await recorder.close();
});

Deno.test("a batch refused for good is dropped, counted, and does not stop the next", async () => {
  const { log, recorder } = fakeLog();
  log.failure = new Error("invalid");
  assert.deepEqual(await Promise.all([recorder.confirm(hit(0)), recorder.confirm(hit(1))]), [
    false,
    false,
  ]);
  assert.deepEqual(log.dropped, [2]);
  log.failure = null;
  assert.equal(await recorder.confirm(hit(2)), true);
  await recorder.close();
});

Deno.test("closing writes what is held, behind what is under way", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 });
  const gate = Promise.withResolvers<void>();
  log.gate = gate.promise;
  for (let i = 0; i < 5; i++) recorder.record(hit(i));
  const closed = recorder.close();
  recorder.record(hit(99));
  gate.resolve();
  assert.equal(await closed, 0);
  assert.deepEqual(log.batches, [[0, 1, 2], [3, 4]]);
  assert.deepEqual(log.dropped, [1]);
});

Deno.test("closing while the log is away gives up and says how many were lost", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 });
  log.failure = new Error("away");
  const confirmed = recorder.confirm(hit(0));
  recorder.record(hit(1));
  assert.equal(await recorder.close(), 2);
  assert.equal(await confirmed, false);
  assert.deepEqual(log.dropped, [2]);
});
