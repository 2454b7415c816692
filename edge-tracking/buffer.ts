/**
 * Hits on their way to the log. A hit is answered before it is written: here it waits for the next
 * batch. While the log is away, or does not keep up, hits wait on disk, in order, and those that come
 * behind them too: memory holds what came in a moment, whatever happens. Nothing is lost until the
 * disk's share is full; then the oldest stay, because an opening that was the first says more than
 * one that was the tenth.
 */
/** What became of an event: in the log; on this machine's disk, to be written later; nowhere. */
export type Outcome = "written" | "kept" | "lost";

/** Where events wait while the log is away: first in, first out. `E` is an event in any form. */
export interface Spill<E> {
  /** Adds events, in order; resolves when the disk has them. False: there is no room, none was added. */
  push(events: readonly E[]): Promise<boolean>;
  /** The first ones, at most so many; the same again until `drop`. */
  peek(most: number): Promise<readonly E[]>;
  /** Takes away what `peek` gave. */
  drop(): Promise<void>;
  isEmpty(): boolean;
}

export interface RecorderOptions<E> {
  /** Resolves when the events are on disk. Appending the same ids again must be harmless. */
  append: (events: readonly E[]) => Promise<unknown>;
  /** Whether the log is only away for a while: then the batch is kept and tried again. */
  isPassing: (error: unknown) => boolean;
  spill: Spill<E>;
  /** Events handed over at a time, at the most. */
  maxBatch: number;
  /** How long the first event of a batch waits for others, ms. */
  maxWaitMs: number;
  /** Events that wait in memory while the log takes its time; more go to disk. */
  maxWaiting: number;
  /** Events in memory at the most, when the disk takes none either. */
  maxHeld: number;
  /** Pause after a failure, ms: doubled each time, up to 30 times as long. */
  retryMs: number;
  /** Events lost: there was no room (no error), or the log refused them for good. */
  onDropped: (count: number, error?: unknown) => void;
}

export interface Recorder<E> {
  /** Takes an event; returns at once and never throws. */
  record(event: E): void;
  /** Takes an event and tells what became of it; of equal ones, what became of the first. */
  confirm(event: E): Promise<Outcome>;
  /** Events in memory, not yet on any disk. */
  held(): number;
  /** Writes what is held, to the log or else to disk. Gives the number lost. */
  close(): Promise<number>;
}

export function createRecorder<E>(options: RecorderOptions<E>): Recorder<E> {
  const { append, isPassing, spill, maxBatch, maxWaitMs, maxWaiting, maxHeld, retryMs } = options;
  let waiting: E[] = [];
  /** Taken out of `waiting`, and neither in the log nor on disk yet. */
  let inHand = 0;
  const answers = new Map<E, ((outcome: Outcome) => void)[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pumping: Promise<void> | undefined;
  let keeping: Promise<void> | undefined;
  let failures = 0;
  let closed = false;
  let wake = () => {};
  if (!spill.isEmpty()) pump();

  function take(event: E): boolean {
    if (closed || inHand + waiting.length >= maxHeld) {
      options.onDropped(1);
      return false;
    }
    waiting.push(event);
    if (waiting.length === maxBatch) act();
    else timer ??= setTimeout(act, maxWaitMs);
    return true;
  }

  /** It is time to do something about what waits. */
  function act(): void {
    clearTimeout(timer);
    timer = undefined;
    const isHeldUp = failures > 0 || !spill.isEmpty() || waiting.length >= maxWaiting;
    if (isHeldUp) keeping ??= setAside().finally(() => keeping = undefined);
    pump();
    if (pumping !== undefined) timer ??= setTimeout(act, maxWaitMs);
  }

  function pump(): void {
    pumping ??= write().finally(() => {
      pumping = undefined;
      if (!closed && waiting.length > 0) timer ??= setTimeout(act, maxWaitMs);
    });
  }

  /** To the log: what waits on disk first, then full batches; the rest when its time has come. */
  async function write(): Promise<void> {
    let isFirst = true;
    while (!closed) {
      const isOnDisk = !spill.isEmpty();
      if (!isOnDisk && waiting.length < (isFirst ? 1 : maxBatch)) return;
      isFirst = false;
      if (await (isOnDisk ? writeKept() : writeWaiting())) failures = 0;
      else await pause(retryMs * Math.min(2 ** failures++, 30));
    }
  }

  async function writeWaiting(): Promise<boolean> {
    const batch = takeOut(maxBatch);
    const outcome = await appended(batch);
    if (outcome === null) await keep(batch);
    else finish(batch, outcome);
    return outcome !== null;
  }

  async function writeKept(): Promise<boolean> {
    const outcome = await appended(await spill.peek(maxBatch));
    if (outcome !== null) await spill.drop();
    return outcome !== null;
  }

  /** Null: the log is away. */
  async function appended(events: readonly E[]): Promise<"written" | "lost" | null> {
    try {
      if (events.length > 0) await append(events);
      return "written";
    } catch (error) {
      if (isPassing(error)) return null;
      options.onDropped(events.length, error);
      return "lost";
    }
  }

  async function setAside(): Promise<void> {
    if (waiting.length > 0) await keep(takeOut(waiting.length));
  }

  /** On disk; back to the front of those that wait when there is no room. */
  async function keep(batch: E[]): Promise<boolean> {
    const isKept = await spill.push(batch);
    if (isKept) finish(batch, "kept");
    else {
      inHand -= batch.length;
      waiting = batch.concat(waiting);
    }
    return isKept;
  }

  function takeOut(most: number): E[] {
    const isAll = waiting.length <= most;
    const batch = isAll ? waiting : waiting.slice(0, most);
    waiting = isAll ? [] : waiting.slice(most);
    inHand += batch.length;
    return batch;
  }

  function finish(batch: readonly E[], outcome: Outcome): void {
    inHand -= batch.length;
    if (answers.size === 0) return;
    for (const event of batch) {
      answers.get(event)?.forEach((tell) => tell(outcome));
      answers.delete(event);
    }
  }

  function pause(ms: number): Promise<void> {
    if (closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    record: take,
    confirm: (event) =>
      new Promise((resolve) => {
        if (take(event)) answers.set(event, [...answers.get(event) ?? [], resolve]);
        else resolve("lost");
      }),
    held: () => inHand + waiting.length,
    async close() {
      closed = true;
      clearTimeout(timer);
      wake();
      await Promise.all([pumping, keeping]);
      let lost = 0;
      while (waiting.length > 0) {
        if (failures === 0 && spill.isEmpty() && await writeWaiting()) continue;
        failures++;
        const rest = takeOut(maxHeld);
        if (rest.length === 0 || await keep(rest)) continue;
        lost = waiting.length;
        options.onDropped(lost);
        finish(takeOut(lost), "lost");
      }
      return lost;
    },
  };
}
