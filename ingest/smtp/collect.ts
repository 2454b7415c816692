/** Takes in what follows DATA, within a limit for the message and one for all sessions together. */
import type { Readable } from "node:stream";
import type { Budget } from "./budget.ts";
import { memoryFull, type Refusal, tooLarge } from "./refusal.ts";

/** The client went away before its message was complete: there is nobody to answer. */
export class ClientGoneError extends Error {
  override name = "ClientGoneError";
}

export interface Collected {
  readonly bytes: Uint8Array;
  /** Bytes that came, of which no more than asked for were kept. */
  readonly size: number;
  /** Gives the memory back to the budget; once, when the message is stored. */
  release(): void;
}

const FIRST_CAPACITY = 16 * 1024;

/**
 * Reads the stream to its end. Beyond a limit nothing is kept any more: what still comes is thrown
 * away, since a client only listens to the reply after its last line (RFC 5321 §4.1.1.4); unless
 * `hangUp` is set, for clients that can be stopped.
 *
 * One buffer grows by doubling, rather than a list of chunks: a client that dribbles single bytes
 * then costs no more than one that does not.
 *
 * @param keep bytes kept of a message that may be larger; all of it by default
 * @throws {Refusal} @throws {ClientGoneError}
 */
export function collect(
  stream: Readable,
  { maxSize, keep = maxSize, budget, hangUp = false }: {
    maxSize: number;
    keep?: number;
    budget: Budget;
    hangUp?: boolean;
  },
): Promise<Collected> {
  const { promise, resolve, reject } = Promise.withResolvers<Collected>();
  let buffer = new Uint8Array(0);
  let kept = 0;
  let size = 0;
  let refusal: Refusal | null = null;

  const release = () => {
    budget.give(buffer.length);
    buffer = new Uint8Array(0);
  };
  const giveUp = (why: Refusal) => {
    refusal = why;
    release();
    if (hangUp) stream.destroy(why);
  };
  const makeRoom = (needed: number): boolean => {
    if (needed <= buffer.length) return true;
    const capacity = Math.min(
      Math.max(needed, buffer.length * 2, FIRST_CAPACITY),
      Math.max(keep, needed),
    );
    if (!budget.take(capacity - buffer.length)) return false;
    const larger = new Uint8Array(capacity);
    larger.set(buffer.subarray(0, kept));
    buffer = larger;
    return true;
  };

  stream.on("data", (chunk: Uint8Array) => {
    if (refusal !== null) return;
    size += chunk.length;
    const wanted = chunk.subarray(0, keep - kept);
    if (size > maxSize) giveUp(tooLarge(maxSize));
    else if (!makeRoom(kept + wanted.length)) giveUp(memoryFull());
    else {
      buffer.set(wanted, kept);
      kept += wanted.length;
    }
  });
  stream.on("end", () => {
    if (refusal === null) resolve({ bytes: buffer.subarray(0, kept), size, release });
    else reject(refusal);
  });
  stream.on("error", (cause) => {
    release();
    reject(
      refusal ??
        new ClientGoneError("the client went away in the middle of its message", { cause }),
    );
  });
  return promise;
}
