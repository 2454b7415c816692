/// <reference lib="deno.ns" />
import assert from "node:assert/strict";
import { createRecorder, type RecorderOptions, type Spill } from "./buffer.ts";

/** Hits are told apart by the number of their recipient. */
interface Hits {
  rcpts: number[];
  count: number;
  bytes: { length: number };
}
const BYTES = 10;
const hit = (...rcpts: number[]): Hits => ({
  rcpts,
  count: rcpts.length,
  bytes: { length: BYTES * rcpts.length },
});
/** A disk of so many places. */
function memorySpill(places: number): Spill<Hits> & { held: Hits[]; places: number } {
  let given = 0;
  const spill = {
    held: [] as Hits[],
    places,
    push(events: readonly Hits[]) {
      if (spill.held.length + events.length > spill.places) return Promise.resolve(false);
      spill.held.push(...events);
      return Promise.resolve(true);
    },
    peek(most: number) {
      const events = spill.held.slice(0, most);
      given = events.length;
      return Promise.resolve(events);
    },
    drop() {
      spill.held.splice(0, given);
      given = 0;
      return Promise.resolve();
    },
    isEmpty: () => spill.held.length === 0,
  };
  return spill;
}

/** A log that the test holds the switches of. */
function fakeLog(options: Partial<RecorderOptions<Hits>> = {}, places = 1000) {
  const batches: number[][] = [];
  const dropped: number[] = [];
  const spill = memorySpill(places);
  const log = { batches, dropped, spill, failure: null as Error | null, gate: Promise.resolve() };
  const recorder = createRecorder({
    append: async (events) => {
      await log.gate;
      if (log.failure !== null) throw log.failure;
      batches.push(events.flatMap(({ rcpts }) => rcpts));
    },
    isPassing: (error) => (error as Error).message === "away",
    spill,
    maxBatch: 3,
    maxWaitMs: 1,
    maxWaitingBytes: 50 * BYTES,
    maxHeldBytes: 100 * BYTES,
    retryMs: 1,
    onDropped: (count) => dropped.push(count),
    ...options,
  });
  return { log, recorder };
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}
const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

Deno.test("hits travel in order and in batches no longer than asked", async () => {
  const { log, recorder } = fakeLog();
  const all = upTo(20).map((i) => recorder.confirm(hit(i)));
  assert.equal(recorder.held(), 20);
  assert.deepEqual(new Set(await Promise.all(all)), new Set(["written"]));
  assert.deepEqual(log.batches.flat(), upTo(20));
  assert(log.batches.every((b) => b.length <= 3));
  assert.equal(recorder.held(), 0);
  assert.equal(await recorder.close(), 0);
});

Deno.test("what came together stays together", async () => {
  const { log, recorder } = fakeLog({ maxHeldBytes: 8 * BYTES, maxWaitMs: 60_000 });
  const outcomes = [hit(0, 1), hit(2, 3), hit(4, 5, 6, 7)].map(recorder.confirm);
  assert.equal(recorder.held(), 8);
  assert.equal(await recorder.confirm(hit(8)), "lost");
  await recorder.close();
  assert.deepEqual(await Promise.all(outcomes), ["written", "written", "written"]);
  assert.deepEqual(log.batches, [[0, 1], [2, 3], [4, 5, 6, 7]]);
});

Deno.test("it is bytes that count: a few long ones fill what many short ones would", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 });
  const long = { ...hit(0), bytes: { length: 99 * BYTES } };
  const outcomes = [long, hit(1), hit(2)].map(recorder.confirm);
  await recorder.close();
  assert.deepEqual(await Promise.all(outcomes), ["written", "written", "lost"]);
  assert.deepEqual(log.dropped, [1]);
});

Deno.test("one append at a time", async () => {
  let now = 0;
  let most = 0;
  const { recorder } = fakeLog({
    append: async () => {
      most = Math.max(most, ++now);
      await Promise.resolve();
      now--;
    },
  });
  await Promise.all(upTo(50).map((i) => recorder.confirm(hit(i))));
  assert.equal(most, 1);
  await recorder.close();
});

Deno.test("while the log is away hits are kept on disk, and written in order when it is back", async () => {
  const { log, recorder } = fakeLog();
  log.failure = new Error("away");
  const outcomes = await Promise.all(upTo(8).map((i) => recorder.confirm(hit(i))));
  assert.deepEqual(new Set(outcomes), new Set(["kept"]));
  assert.equal(recorder.held(), 0);
  log.failure = null;
  const later = [8, 9].map((i) => recorder.confirm(hit(i)));
  await Promise.all(later);
  await until(() => log.spill.isEmpty());
  assert.deepEqual(log.batches.flat(), upTo(10));
  assert.equal(await recorder.confirm(hit(10)), "written");
  assert.deepEqual(log.dropped, []);
  await recorder.close();
});

Deno.test("a log that hangs lets no more than agreed wait in memory", async () => {
  const { log, recorder } = fakeLog({ maxWaitingBytes: 5 * BYTES });
  const gate = Promise.withResolvers<void>();
  log.gate = gate.promise;
  let most = 0;
  for (const i of upTo(60)) {
    recorder.record(hit(i));
    await new Promise((resolve) => setTimeout(resolve, 1));
    most = Math.max(most, recorder.held());
  }
  assert(most < 20, String(most));
  assert(log.spill.held.length > 40);
  gate.resolve();
  await until(() => recorder.held() === 0 && log.spill.isEmpty());
  assert.deepEqual(log.batches.flat().sort((a, b) => a - b), upTo(60));
  await recorder.close();
});

Deno.test("what waited on disk when it starts is written first", async () => {
  const spill = memorySpill(10);
  spill.held.push(hit(0), hit(1), hit(2), hit(3));
  const { log, recorder } = fakeLog({ spill });
  await until(() => spill.isEmpty());
  assert.equal(await recorder.confirm(hit(4)), "written");
  assert.deepEqual(log.batches.flat(), upTo(5));
  await recorder.close();
});

Deno.test("when the disk is full the oldest stay, in memory too, and the rest are counted", async () => {
  const { log, recorder } = fakeLog({ maxHeldBytes: 4 * BYTES }, 3);
  log.failure = new Error("away");
  for (const i of upTo(3)) recorder.record(hit(i));
  await until(() => log.spill.held.length === 3);
  const more = [3, 4, 5, 6].map((i) => recorder.confirm(hit(i)));
  const late = await Promise.all([7, 8].map((i) => recorder.confirm(hit(i))));
  assert.deepEqual(late, ["lost", "lost"]);
  assert.deepEqual(log.dropped, [1, 1]);
  log.failure = null;
  await Promise.all(more);
  await until(() => log.spill.isEmpty() && recorder.held() === 0);
  assert.deepEqual(log.batches.flat(), upTo(7));
  await recorder.close();
});

Deno.test("a batch refused for good is dropped, counted, and does not stop the next", async () => {
  const { log, recorder } = fakeLog();
  log.failure = new Error("invalid");
  const refused = [recorder.confirm(hit(0)), recorder.confirm(hit(1))];
  assert.deepEqual(await Promise.all(refused), ["lost", "lost"]);
  assert.deepEqual(log.dropped, [2]);
  log.failure = null;
  assert.equal(await recorder.confirm(hit(2)), "written");
  await recorder.close();
});

Deno.test("closing writes what is held, behind what is under way", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 });
  const gate = Promise.withResolvers<void>();
  log.gate = gate.promise;
  for (const i of upTo(5)) recorder.record(hit(i));
  const closed = recorder.close();
  recorder.record(hit(99));
  gate.resolve();
  assert.equal(await closed, 0);
  assert.deepEqual(log.batches, [[0, 1, 2], [3, 4]]);
  assert.deepEqual(log.dropped, [1]);
});

Deno.test("closing while the log is away leaves all on disk", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 });
  log.failure = new Error("away");
  const confirmed = recorder.confirm(hit(0));
  recorder.record(hit(1));
  assert.equal(await recorder.close(), 0);
  assert.equal(await confirmed, "kept");
  assert.deepEqual(log.spill.held.flatMap(({ rcpts }) => rcpts), [0, 1]);
});

Deno.test("closing with neither log nor disk says how many were lost", async () => {
  const { log, recorder } = fakeLog({ maxWaitMs: 60_000 }, 0);
  log.failure = new Error("away");
  const confirmed = recorder.confirm(hit(0));
  recorder.record(hit(1));
  assert.equal(await recorder.close(), 2);
  assert.equal(await confirmed, "lost");
  assert.deepEqual(log.dropped, [2]);
});
