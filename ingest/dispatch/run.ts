/** Turns accepted messages into jobs, once each, whatever crashes in between. */
import type { Commit, Station } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { watchDoubt } from "../doubt.ts";
import { runSubscriber } from "../subscriber.ts";
import { countNotSent, type Suppressed } from "../suppressed.ts";
import { plan } from "./plan.ts";

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
  await runSubscriber({
    events: station.events,
    name: "dispatcher",
    families: ["message"],
    work: (commit) => dispatch(commit, commit.recorded < doubt.before, options),
    logger,
    signal,
  });
  doubt.stop();
}

async function dispatch(
  commit: Commit,
  doubtful: boolean,
  { station, lane, suppressed, now, metrics }: DispatcherOptions,
): Promise<void> {
  const plans = commit.events.flatMap((accepted, index) => {
    if (accepted.type !== "message.accepted") return [];
    const { account, data } = accepted;
    const reasons = data.recipients.map(({ address }) => suppressed(account, address));
    const position = { seq: commit.seq, index };
    return [plan(accepted, { reasons, position, lane, doubtful, now: now() })];
  });
  const jobs = plans.flatMap((p) => p.jobs);
  const notSent = plans.flatMap((p) => p.suppressed);
  await Promise.all([
    jobs.length > 0 ? station.queue.enqueue(jobs) : null,
    notSent.length > 0 ? station.events.append(notSent) : null,
  ]);
  metrics.count("chappe_dispatched_total", "Copies given to delivery.", jobs.length);
  countNotSent(metrics, notSent.length);
}
