/**
 * Hits on their way to the log. A hit is answered before it is written: here it waits for the next
 * batch. While the log is away, or does not keep up, hits wait on disk, in order, and those that come
 * behind them too: memory holds what came in a moment, whatever happens. Nothing is lost until the
 * disk's share is full; then the oldest stay, because an opening that was the first says more than
 * one that was the tenth.
 */
/** What became of an event: in the log; on this machine's disk, to be written later; nowhere. */
export type Outcome = "written" | "kept" | "lost";

/** An event in any form, or several that stay together. */
export interface Piece {
  /** Events in it. */
  readonly count: number;
  /** As they are written. */
  readonly bytes: { readonly length: number };
}

/** Where events wait while the log is away: first in, first out. */
export interface Spill<E extends Piece> {
  /** Adds events, in order; resolves when the disk has them. False: there is no room, none was added. */
  push(pieces: readonly E[]): Promise<boolean>;
  /** The first events, at most so many; the same again until `drop`. */
  peek(most: number): Promise<readonly E[]>;
  /** Takes away what `peek` gave. */
  drop(): Promise<void>;
  isEmpty(): boolean;
}

export interface RecorderOptions<E extends Piece> {
  /** Resolves when the events are on disk. Appending the same ids again must be harmless. */
  append: (pieces: readonly E[]) => Promise<unknown>;
  /** Whether the log is only away for a while: then the batch is kept and tried again. */
  isPassing: (error: unknown) => boolean;
  spill: Spill<E>;
  /** Events handed over at a time, at the most, unless one piece has more. */
  maxBatch: number;
  /** How long the first event of a batch waits for others, ms. */
  maxWaitMs: number;
  /** Bytes that wait in memory while the log takes its time; more go to disk. */
  maxWaitingBytes: number;
  /** Bytes in memory at the most, when the disk takes none either. */
  maxHeldBytes: number;
  /** Pause after a failure, ms: doubled each time, up to 30 times as long. */
  retryMs: number;
  /** Events lost: there was no room (no error), or the log refused them for good. */
  onDropped: (count: number, error?: unknown) => void;
}

export interface Recorder<E extends Piece> {
  /** Takes events; returns at once and never throws. */
  record(piece: E): void;
  /** Takes events and tells what became of them. */
  confirm(piece: E): Promise<Outcome>;
  /** Events in memory, not yet on any disk. */
  held(): number;
  /** Writes what is held, to the log or else to disk. Gives the number lost. */
  close(): Promise<number>;
}

/** Events, and bytes they take. */
interface Size {
  readonly count: number;
  readonly bytes: number;
}
const NOTHING: Size = { count: 0, bytes: 0 };

export function createRecorder<E extends Piece>(options: RecorderOptions<E>): Recorder<E> {
  const { append, isPassing, spill, maxBatch, maxWaitMs, maxWaitingBytes, retryMs } = options;
  let waiting: E[] = [];
  /** What they come to. */
  let waitingSize = NOTHING;
  /** What was taken out of `waiting`, and is neither in the log nor on disk yet. */
  let inHand = NOTHING;
  const answers = new Map<E, (outcome: Outcome) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pumping: Promise<void> | undefined;
  let keeping: Promise<void> | undefined;
  let failures = 0;
  let closed = false;
  let wake = () => {};
  if (!spill.isEmpty()) pump();

  function take(piece: E): boolean {
    const { count, bytes } = piece;
    if (closed || inHand.bytes + waitingSize.bytes + bytes.length > options.maxHeldBytes) {
      options.onDropped(count);
      return false;
    }
    const isFull = waitingSize.count >= maxBatch;
    waiting.push(piece);
    waitingSize = plus(waitingSize, { count, bytes: bytes.length });
    if (!isFull && waitingSize.count >= maxBatch) act();
    else timer ??= setTimeout(act, maxWaitMs);
    return true;
  }

  /** It is time to do something about what waits. */
  function act(): void {
    clearTimeout(timer);
    timer = undefined;
    const isHeldUp = failures > 0 || !spill.isEmpty() || waitingSize.bytes >= maxWaitingBytes;
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
      if (!isOnDisk && waitingSize.count < (isFirst ? 1 : maxBatch)) return;
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
  async function appended(pieces: readonly E[]): Promise<"written" | "lost" | null> {
    try {
      if (pieces.length > 0) await append(pieces);
      return "written";
    } catch (error) {
      if (isPassing(error)) return null;
      options.onDropped(sizeOf(pieces).count, error);
      return "lost";
    }
  }

  async function setAside(): Promise<void> {
    if (waiting.length > 0) await keep(takeOut(Infinity));
  }

  /** On disk; back to the front of those that wait when there is no room. */
  async function keep(batch: E[]): Promise<boolean> {
    const isKept = await spill.push(batch);
    if (isKept) finish(batch, "kept");
    else {
      const size = sizeOf(batch);
      inHand = minus(inHand, size);
      waitingSize = plus(waitingSize, size);
      waiting = batch.concat(waiting);
    }
    return isKept;
  }

  function takeOut(most: number): E[] {
    let count = 0;
    let end = 0;
    for (; end < waiting.length; end++) {
      const more = count + waiting[end]!.count;
      if (end > 0 && more > most) break;
      count = more;
    }
    const batch = waiting.slice(0, end);
    const size = sizeOf(batch);
    waiting = waiting.slice(end);
    waitingSize = minus(waitingSize, size);
    inHand = plus(inHand, size);
    return batch;
  }

  function finish(batch: readonly E[], outcome: Outcome): void {
    inHand = minus(inHand, sizeOf(batch));
    if (answers.size === 0) return;
    for (const piece of batch) {
      answers.get(piece)?.(outcome);
      answers.delete(piece);
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
    confirm: (piece) =>
      new Promise((resolve) => {
        if (take(piece)) answers.set(piece, resolve);
        else resolve("lost");
      }),
    held: () => inHand.count + waitingSize.count,
    async close() {
      closed = true;
      clearTimeout(timer);
      wake();
      await Promise.all([pumping, keeping]);
      let lost = 0;
      while (waiting.length > 0) {
        if (failures === 0 && spill.isEmpty() && await writeWaiting()) continue;
        failures++;
        const rest = takeOut(Infinity);
        if (rest.length === 0 || await keep(rest)) continue;
        lost = waitingSize.count;
        options.onDropped(lost);
        finish(takeOut(Infinity), "lost");
      }
      return lost;
    },
  };
}

function sizeOf(pieces: readonly Piece[]): Size {
  let size = NOTHING;
  for (const { count, bytes } of pieces) size = plus(size, { count, bytes: bytes.length });
  return size;
}

function plus(a: Size, b: Size): Size {
  return { count: a.count + b.count, bytes: a.bytes + b.bytes };
}

function minus(a: Size, b: Size): Size {
  return { count: a.count - b.count, bytes: a.bytes - b.bytes };
}
