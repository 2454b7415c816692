/**
 * Hits on their way to the log. A hit is answered before it is written: here it waits for the next
 * batch, and for the log itself when that is away. What is held is bounded; when it is full the
 * oldest stay, because an opening that was the first says more than one that was the tenth.
 */
import type { NewEvent } from "@chappe/src/events";

export interface RecorderOptions {
  /** Resolves when the events are on disk. Appending the same ids again must be harmless. */
  append: (events: readonly NewEvent[]) => Promise<unknown>;
  /** Whether the log is only away for a while: then the batch is kept and tried again. */
  isPassing: (error: unknown) => boolean;
  /** Events handed over at a time, at the most. */
  maxBatch: number;
  /** How long the first event of a batch waits for others, ms. */
  maxWaitMs: number;
  /** Events held, those under way included, at the most. */
  maxHeld: number;
  /** Pause after a failure, ms: doubled each time, up to 30 times as long. */
  retryMs: number;
  /** Events lost: the store was full (no error), or the log refused them for good. */
  onDropped: (count: number, error?: unknown) => void;
}

export interface Recorder {
  /** Takes an event; returns at once and never throws. */
  record(event: NewEvent): void;
  /** Takes an event; true when it is on disk, false when it was lost. */
  confirm(event: NewEvent): Promise<boolean>;
  /** Events not yet on disk. */
  held(): number;
  /** Writes what is held, until it is all written or the log fails. Gives the number lost. */
  close(): Promise<number>;
}

interface Held {
  event: NewEvent;
  settle: ((written: boolean) => void) | undefined;
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { append, isPassing, maxBatch, maxWaitMs, maxHeld, retryMs, onDropped } = options;
  let waiting: Held[] = [];
  let batch: Held[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | undefined;
  let failures = 0;
  let closed = false;

  function take(event: NewEvent, settle?: (written: boolean) => void): void {
    if (closed || batch.length + waiting.length >= maxHeld) {
      onDropped(1);
      settle?.(false);
      return;
    }
    waiting.push({ event, settle });
    if (failures > 0 || underWay !== undefined) return;
    if (waiting.length >= maxBatch) start();
    else if (timer === undefined) timer = setTimeout(start, maxWaitMs);
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    if (underWay === undefined) underWay = write().finally(rest);
  }

  /** After a write: the next one at once if there is a full batch, else when its time comes. */
  function rest(): void {
    underWay = undefined;
    if (closed || batch.length + waiting.length === 0) return;
    if (failures > 0) timer = setTimeout(start, retryMs * Math.min(2 ** (failures - 1), 30));
    else if (waiting.length >= maxBatch) start();
    else timer = setTimeout(start, maxWaitMs);
  }

  async function write(): Promise<void> {
    if (batch.length === 0) {
      batch = waiting.length <= maxBatch ? waiting : waiting.slice(0, maxBatch);
      waiting = waiting.length <= maxBatch ? [] : waiting.slice(maxBatch);
    }
    try {
      await append(batch.map((held) => held.event));
      finish(true);
    } catch (error) {
      if (isPassing(error)) {
        failures++;
        return;
      }
      onDropped(batch.length, error);
      finish(false);
    }
  }

  function finish(written: boolean): void {
    failures = 0;
    const done = batch;
    batch = [];
    for (const { settle } of done) settle?.(written);
  }

  return {
    record: (event) => take(event),
    confirm: (event) => new Promise((resolve) => take(event, resolve)),
    held: () => batch.length + waiting.length,
    async close() {
      closed = true;
      clearTimeout(timer);
      await underWay;
      failures = 0;
      while (batch.length + waiting.length > 0 && failures === 0) await write();
      const lost = [...batch, ...waiting];
      if (lost.length > 0) onDropped(lost.length);
      for (const { settle } of lost) settle?.(false);
      batch = waiting = [];
      return lost.length;
    },
  };
}
