/** A delivery node: takes jobs from the queue, sends them, records what came of them. */
import type { Claim, Station } from "@chappe/src/log";
import { LogUnavailableError } from "@chappe/src/log";
import { type RetryPolicy, STANDARD_RETRY } from "@chappe/src/rules";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { watchDoubt } from "../doubt.ts";
import type { DeliveryJob, Preparer } from "../job.ts";
import { pause } from "../pause.ts";
import type { Suppressed } from "../suppressed.ts";
import { createRouter, domainOf } from "../routing/mod.ts";
import { createConnector } from "./connector.ts";
import { outcomeId } from "./decide.ts";
import { createLookup } from "./lookup.ts";
import type { MxResolver } from "./mx.ts";
import type { Outcome } from "./outcome.ts";
import { type Limits, Pool } from "./pool.ts";
import { createRecorder } from "./recorder.ts";
import { createSend } from "./send.ts";
import { createSettle } from "./settle.ts";
import { TIMEOUTS, type Timeouts } from "./smtp/mod.ts";
import { createTargets, type Mode } from "./target.ts";
import type { Task } from "./task.ts";

/** Well within the 60 s for which a job is claimed. */
const KEEP_MS = 15_000;
/** When a job comes back for which there was no room here, ms. */
const NO_ROOM_MS = 15_000;

export interface DeliveryOptions {
  station: Station;
  preparer: Preparer;
  /** Asked before each attempt: a recipient may have left since the message was accepted. */
  suppressed: Suppressed;
  mode: Mode;
  resolver: MxResolver;
  /** Source IP addresses, used in turn; none leaves the choice to the system. */
  sources: readonly string[];
  /** What we call ourselves in EHLO: a name that resolves to the source address. */
  hostname: string;
  /** Jobs held at a time. */
  maxInFlight: number;
  limits: Limits;
  retry?: RetryPolicy;
  timeouts?: Timeouts;
  /** In [0, 1). */
  random: () => number;
  now: () => number;
  logger: Logger;
  metrics: Metrics;
}

export interface Delivery {
  /**
   * Takes no more jobs, gives back what waits, and lets transactions under way finish; after
   * `drainMs` connections are cut, and what they carried is left to others.
   */
  stop(drainMs: number): Promise<void>;
  /** Jobs held now. */
  inFlight(): number;
}

export function startDelivery(options: DeliveryOptions): Delivery {
  const { station, now, logger, metrics, maxInFlight, mode } = options;
  const stopping = new AbortController();
  const cut = new AbortController();
  const held = new Map<string, Claim<DeliveryJob>>();
  const settling = new Set<Promise<void>>();

  const doubt = watchDoubt({ connected: () => station.connected(), now });
  const recorder = createRecorder({ signal: cut.signal, logger });
  const lookup = createLookup(station.events, now);
  const settle = createSettle({ ...options, recorder, retry: options.retry ?? STANDARD_RETRY });
  const router = createRouter({ sources: options.sources });
  const targetOf = createTargets(mode, options.resolver);
  const pool = new Pool({
    limits: options.limits,
    now,
    connect: createConnector({
      hostname: options.hostname,
      timeouts: options.timeouts ?? TIMEOUTS,
      random: options.random,
      signal: cut.signal,
      now,
    }),
    send: createSend({
      preparer: options.preparer,
      ready: () => recorder.ready(),
      now,
      cut: cut.signal,
    }),
  });
  // With servers of many sorts to reach, none may fill the whole node with what waits for it.
  const maxWaiting = mode.kind === "internet" ? Math.ceil(maxInFlight / 2) : Infinity;

  async function handle(claim: Claim<DeliveryJob>): Promise<void> {
    const job = claim.data;
    const unsure = claim.redelivered || job.doubtful === true;
    if (unsure || claim.enqueued < doubt.before) {
      const found = await lookup.find({
        id: outcomeId(job),
        since: job.doubtful ? job.acceptedAt : claim.enqueued,
        until: unsure ? Infinity : doubt.before,
      });
      if (found !== null) return await settle.found(claim, found);
    }
    const reason = options.suppressed(job.account, job.recipient);
    if (reason !== null) return await settle.suppressed(claim, reason);
    const domain = domainOf(job.recipient);
    const target = await targetOf(domain);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const route = router.route();
    const task: Task = { claim, domain, route, startedAt: 0, copy: null, done: resolve };
    if ("error" in target) {
      task.startedAt = now();
      resolve({ kind: "failed", ...target, host: null, tls: null });
    } else if (pool.waiting(target, route.address) >= maxWaiting) {
      return claim.release(NO_ROOM_MS * (1 + options.random()));
    } else pool.submit(target, task);
    await settle.outcome(task, await promise);
  }

  async function take(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        for await (const claim of station.queue.claim<DeliveryJob>({ maxInFlight, signal })) {
          // A second copy of a job in hand: whoever gets it later finds the outcome in the log.
          if (held.has(claim.id)) claim.release(NO_ROOM_MS);
          else begin(claim);
        }
      } catch (error) {
        if (signal.aborted) return;
        logger.warn("delivery.no-jobs", { error: messageOf(error) });
        await pause(1_000, signal);
      }
    }
  }

  function begin(claim: Claim<DeliveryJob>): void {
    held.set(claim.id, claim);
    const work = handle(claim).catch((error) => {
      const level = error instanceof LogUnavailableError ? "warn" : "error";
      logger[level]("delivery.failed", { job: claim.id, error: messageOf(error) });
      claim.release(NO_ROOM_MS);
    }).finally(() => {
      held.delete(claim.id);
      settling.delete(work);
    });
    settling.add(work);
  }

  const keeper = setInterval(() => held.forEach((claim) => claim.keep()), KEEP_MS);
  metrics.gauge("chappe_delivery_connections", "Connections out.", () => pool.connections);
  const taking = take();

  return {
    inFlight: () => held.size,
    async stop(drainMs) {
      stopping.abort();
      const timer = setTimeout(() => cut.abort(), drainMs);
      await taking;
      await pool.close();
      await Promise.all(settling);
      clearTimeout(timer);
      clearInterval(keeper);
      doubt.stop();
    },
  };
}
