/** Gathers commits into batches: by month, by size, and by how long the first has waited. */
import type { Commit } from "@chappe/src/log";
import { Batch, monthOf } from "./batch.ts";
import { Due } from "./due.ts";
import type { HitWindow } from "./hit_window.ts";

export interface BatchLimits {
  maxRows: number;
  /** Of a batch's text. */
  maxSize: number;
  /** A batch that is not full waits this long for more. */
  maxWaitMs: number;
}

/**
 * While commits are there to be read, reading waits for nothing; after so long it lets the rest of the
 * process have a turn, or an insert under way would stand still until the next batch is full.
 */
const TURN_MS = 5;

/**
 * @param window of the hits before the first commit; those read are added
 * @param idle resolves when the one who takes the batches could take another: until then a batch
 *   that is not full goes on growing
 */
export async function* batches(
  commits: AsyncIterable<Commit>,
  limits: BatchLimits,
  window: HitWindow,
  idle: () => Promise<unknown>,
  onBad: (id: string, error: unknown) => void,
): AsyncGenerator<Batch> {
  const source = commits[Symbol.asyncIterator]();
  let batch: Batch | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due: Due | undefined;

  function take(): Batch {
    const taken = batch!;
    clearTimeout(timer);
    batch = due = undefined;
    return taken;
  }
  /** Read ahead while a batch is in other hands; a failure waits until it is looked at. */
  function readOn(): Promise<IteratorResult<Commit>> {
    const next = source.next();
    next.catch(() => {});
    return next;
  }
  try {
    let next = readOn();
    let turn = performance.now();
    while (true) {
      const got = due === undefined ? await next : await due.or(next);
      if (got === "due") {
        yield take();
        continue;
      }
      if (got.done) {
        if (batch !== undefined) yield take();
        return;
      }
      next = readOn();
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
      const commit = got.value;
      if (batch !== undefined && batch.month !== monthOf(commit.recorded)) yield take();
      if (batch === undefined) {
        batch = new Batch(commit, window);
        const waited = new Promise<void>((resolve) => {
          timer = setTimeout(resolve, limits.maxWaitMs);
        });
        due = new Due(Promise.all([waited, idle()]));
      }
      batch.add(commit, onBad);
      batch.isFull = batch.rows >= limits.maxRows || batch.size >= limits.maxSize;
      if (batch.isFull) yield take();
    }
  } finally {
    clearTimeout(timer);
    await source.return?.();
  }
}
