import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { traffic } from "../testing/traffic.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import type { Batch } from "./batch.ts";
import { batches, type BatchLimits } from "./batches.ts";
import { HitWindow } from "./hit_window.ts";

const END_OF_OCTOBER = Date.UTC(2026, 9, 31, 12);
const NO_LIMIT: BatchLimits = { maxRows: 1e9, maxSize: 1e9, maxWaitMs: 1e6 };
const idle = () => Promise.resolve();
const never = (id: string, error: unknown) => assert.fail(`${id}: ${error}`);

function filled() {
  const log = createMemoryLog();
  fill(log, traffic(3, 200, END_OF_OCTOBER), 10);
  return log;
}

async function gather(limits: Partial<BatchLimits>): Promise<Batch[]> {
  return await Array.fromAsync(
    batches(filled().read({}), { ...NO_LIMIT, ...limits }, new HitWindow(), idle, never),
  );
}

Deno.test("batches hold every commit once, in order, and none spans two months", async () => {
  const found = await gather({ maxRows: 50 });
  const { commits } = filled();
  let seq = 0;
  for (const batch of found) {
    assert.equal(batch.first, seq + 1);
    assert(batch.last >= batch.first);
    const months = commits.slice(batch.first - 1, batch.last)
      .map(({ recorded }) => new Date(recorded).getUTCMonth());
    assert.equal(new Set(months).size, 1);
    seq = batch.last;
  }
  assert.equal(seq, commits.length);
});

/** Line ends in it. */
const lines = (batch: Batch) => Buffer.concat(batch.pieces()).filter((byte) => byte === 10).length;

Deno.test("a batch is full by rows or by size, never cutting a commit", async () => {
  for (const limits of [{ maxRows: 50 }, { maxSize: 20_000 }]) {
    const found = await gather(limits);
    assert(found.length > 5);
    for (const batch of found) assert.equal(batch.rows, lines(batch));
    for (const batch of found.slice(0, -1)) {
      assert(batch.rows < 50 + 10 * 3);
    }
  }
  assert.equal((await gather({})).length, 2);
});

Deno.test("a batch that is not full goes out when it has waited, but grows while nobody is idle", async () => {
  const log = createMemoryLog();
  const events = traffic(4, 50, END_OF_OCTOBER);
  fill(log, events.slice(0, 20), 1);
  const stop = new AbortController();
  const busy = Promise.withResolvers<void>();
  const read = batches(
    log.read({ follow: true, signal: stop.signal }),
    { ...NO_LIMIT, maxWaitMs: 1 },
    new HitWindow(),
    () => busy.promise,
    never,
  );
  const first = read.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  fill(log, events.slice(20, 40), 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  busy.resolve();
  const { value } = await first as { value: Batch };
  assert.equal(value.last, 40);

  const second = read.next();
  stop.abort();
  assert.equal((await second).done, true);
});

Deno.test("an event not shaped as its type says is told and left out", async () => {
  const log = filled();
  const { commits } = log;
  const [sound] = commits[1]!.events;
  const broken = [{ ...sound, data: null }, { ...sound, id: "1" }, { ...sound, message: "2" }];
  commits[1] = { ...commits[1]!, events: [...broken as never[], ...commits[1]!.events] };
  const bad: string[] = [];
  const found = await Array.fromAsync(
    batches(log.read({}), NO_LIMIT, new HitWindow(), idle, (id) => bad.push(id)),
  );
  assert.deepEqual(bad, [sound!.id, "1", sound!.id]);
  assert.equal(found.at(-1)!.last, commits.length);
});

Deno.test("a log that fails is heard of after the batches before it, however slowly they are taken", async () => {
  const { commits } = filled();
  async function* failing() {
    yield* commits.slice(0, 3);
    throw new Error("the log is away");
  }
  const read = batches(failing(), { ...NO_LIMIT, maxRows: 1 }, new HitWindow(), idle, never);
  for (const { seq } of commits.slice(0, 3)) {
    assert.equal((await read.next()).value!.last, seq);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await assert.rejects(read.next(), /the log is away/);
});
