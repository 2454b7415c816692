/** Turns accepted messages into jobs, once each, whatever crashes in between. */
import { type Commit, LogUnavailableError, type Station } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { watchDoubt } from "../doubt.ts";
import { pause } from "../pause.ts";
import { countNotSent, type Suppressed } from "../suppressed.ts";
import { plan } from "./plan.ts";

/** Commits worked on at a time. */
const MAX_IN_FLIGHT = 64;
const PAUSE_MS = 500;

export interface DispatcherOptions {
  station: Pick<Station, "events" | "queue" | "connected">;
  /** The lane for a domain (lower-case A-labels): `[a-z0-9_-]+`. */
  lane: (domain: string) => string;
  suppressed: Suppressed;
  now: () => number;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
}

/**
 * Runs until `signal` aborts; resolves when what is under way is done. A commit is acknowledged
 * when its jobs are durable. One seen again makes the same jobs by the same ids, which the queue
 * takes once; where it may have forgotten them (see `doubt.ts`), they are marked so that delivery
 * looks before it sends.
 */
export async function runDispatcher(options: DispatcherOptions): Promise<void> {
  const { station, logger, now, signal } = options;
  const doubt = watchDoubt({ connected: () => station.connected(), now });
  const underWay = new Set<Promise<void>>();
  while (!signal.aborted) {
    try {
      const commits = station.events.subscribe({
        name: "dispatcher",
        families: ["message"],
        maxInFlight: MAX_IN_FLIGHT,
        signal,
      });
      for await (const commit of commits) {
        const work = dispatch(commit, commit.recorded < doubt.before, options)
          .then((done) => {
            if (done) commit.ack();
          })
          .finally(() => underWay.delete(work));
        underWay.add(work);
      }
    } catch (error) {
      if (signal.aborted) break;
      logger.warn("dispatch.no-commits", { error: messageOf(error) });
      await pause(PAUSE_MS, signal);
    }
  }
  await Promise.all(underWay);
  doubt.stop();
}

/** Resolves with true when everything the commit asks for is durable; false when told to stop first. */
async function dispatch(
  commit: Commit,
  doubtful: boolean,
  { station, lane, suppressed, now, metrics, logger, signal }: DispatcherOptions,
): Promise<boolean> {
  const messages = commit.events.filter((event) => event.type === "message.accepted");
  for (let held = false;;) {
    try {
      const plans = messages.map((accepted) => {
        const { account, data } = accepted;
        const reasons = data.recipients.map(({ address }) => suppressed(account, address));
        return plan(accepted, { reasons, lane, doubtful, now: now() });
      });
      const jobs = plans.flatMap((p) => p.jobs);
      const notSent = plans.flatMap((p) => p.suppressed);
      await Promise.all([
        jobs.length > 0 ? station.queue.enqueue(jobs) : null,
        notSent.length > 0 ? station.events.append(notSent) : null,
      ]);
      metrics.count("chappe_dispatched_total", "Copies given to delivery.", jobs.length);
      countNotSent(metrics, notSent.length);
      return true;
    } catch (error) {
      const level = error instanceof LogUnavailableError ? "warn" : "error";
      if (!held) logger[level]("dispatch.held-up", { commit: commit.seq, error: messageOf(error) });
      held = true;
      if (signal.aborted) return false;
      await pause(PAUSE_MS, signal);
    }
  }
}
