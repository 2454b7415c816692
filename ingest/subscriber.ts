/** Works through the commits of some families, shared with all of the same name, each to its end. */
import type { Family } from "@chappe/src/events";
import { type Commit, type EventLog, LogUnavailableError } from "@chappe/src/log";
import { type Logger, messageOf } from "@chappe/src/runtime";
import { pause } from "./pause.ts";

/** Commits worked on at a time. */
const MAX_IN_FLIGHT = 64;
const PAUSE_MS = 500;

export interface SubscriberOptions {
  events: Pick<EventLog, "subscribe">;
  /** Of all who share the work. */
  name: string;
  families: readonly Family[];
  /**
   * Resolves when everything the commit asks for is durable; the commit may be seen again. What it
   * throws is tried again.
   */
  work: (commit: Commit) => Promise<void>;
  logger: Logger;
  signal: AbortSignal;
}

/** Runs until `signal` aborts; resolves when what is under way is done. */
export async function runSubscriber(options: SubscriberOptions): Promise<void> {
  const { events, name, families, logger, signal } = options;
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    try {
      const commits = events.subscribe({ name, families, maxInFlight: MAX_IN_FLIGHT, signal });
      for await (const commit of commits) {
        const working = persist(commit, options)
          .then((done) => {
            if (done) commit.ack();
          })
          .finally(() => underWay.delete(working));
        underWay.add(working);
      }
    } catch (error) {
      if (signal.aborted) break;
      logger.warn(`${name}.no-commits`, { error: messageOf(error) });
      await pause(PAUSE_MS, signal);
    }
  }
  await Promise.all(underWay);
}

/** True when the work is done; false when told to stop first. */
async function persist(
  commit: Commit,
  { name, work, logger, signal }: SubscriberOptions,
): Promise<boolean> {
  for (let held = false;;) {
    try {
      await work(commit);
      return true;
    } catch (error) {
      const level = error instanceof LogUnavailableError ? "warn" : "error";
      if (!held) logger[level](`${name}.held-up`, { commit: commit.seq, error: messageOf(error) });
      held = true;
      if (signal.aborted) return false;
      await pause(PAUSE_MS, signal);
    }
  }
}
