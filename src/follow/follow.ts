/** Folds families of the log into memory and keeps the result current. */
import type { Family } from "../events/mod.ts";
import type { Commit, EventLog } from "../log/mod.ts";

const PAUSE_MS = 1000;

export interface FollowOptions {
  events: Pick<EventLog, "read" | "lastSeq">;
  signal: AbortSignal;
  /** Hears of what keeps it from reading on; it tries again by itself. */
  onError: (error: unknown) => void;
}

/**
 * Gives every commit of `families` to `fold`, in the order of the log. Resolves when all that stood
 * there at the beginning is folded, and goes on until `signal` aborts. While the log is away, what
 * was folded stays in force.
 * @throws {LogUnavailableError} when the log is away at the beginning
 */
export async function follow(
  { events, signal, onError }: FollowOptions,
  families: readonly Family[],
  fold: (commit: Commit) => void,
): Promise<void> {
  const last = await Promise.all(families.map((family) => events.lastSeq(family)));
  const target = Math.max(...last);
  const caughtUp = Promise.withResolvers<void>();
  let seq = 0;
  if (target === 0) caughtUp.resolve();

  const run = async () => {
    while (!signal.aborted) {
      try {
        for await (const commit of events.read({ families, after: seq, follow: true, signal })) {
          fold(commit);
          seq = commit.seq;
          if (seq >= target) caughtUp.resolve();
        }
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  };
  await Promise.race([caughtUp.promise, run()]);
}
