/** A delivery node: takes jobs from the queue, sends them, records what came of them. */
import type { LiveSending } from "@chappe/src/follow";
import type { Claim, Station } from "@chappe/src/log";
import { LogUnavailableError } from "@chappe/src/log";
import { type RetryPolicy, STANDARD_RETRY } from "@chappe/src/rules";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { watchDoubt } from "../doubt.ts";
import type { DeliveryJob, Preparer } from "../job.ts";
import { pause } from "../pause.ts";
import type { Suppressed } from "../suppressed.ts";
import { createRouter } from "../routing/mod.ts";
import { createAttempt } from "./attempt.ts";
import { createConnector } from "./connector.ts";
import { jobId } from "./decide.ts";
import { createLookup } from "./lookup.ts";
import type { MxResolver } from "./mx.ts";
import { type Limits, Pool } from "./pool.ts";
import { createRecorder } from "./recorder.ts";
import { createSend } from "./send.ts";
import { createSettle } from "./settle.ts";
import { TIMEOUTS, type Timeouts } from "./smtp/mod.ts";
import { createTargets, type Mode } from "./target.ts";

/** Well within the 60 s for which a job is claimed. */
const KEEP_MS = 15_000;
/** How often quota that lies idle is given back, ms. */
const GIVE_BACK_MS = 5_000;
/** When a job comes back for which there was no room here, ms. */
const NO_ROOM_MS = 15_000;

export interface DeliveryOptions {
  station: Station;
  preparer: Preparer;
  /** Asked before each attempt: a recipient may have left since the message was accepted. */
  suppressed: Suppressed;
  mode: Mode;
  resolver: MxResolver;
  /** Addresses, pools and measures as the log says them now. */
  sending: Pick<LiveSending, "now" | "onChange">;
  /**
   * Source IP addresses of the shared pool, as long as `sending` has none for it; none leaves the
   * choice to the system.
   */
  sources: readonly string[];
  /** What addresses without a name of their own call themselves in EHLO. */
  hostname: string;
  /** A name that no other node has, nor had. */
  node: string;
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
  const retry = options.retry ?? STANDARD_RETRY;
  const settle = createSettle({ ...options, recorder, retry });
  // A relay of our own or the sandbox takes all it can get; others have their limits, and as there
  // are many of them, none may fill the whole node with what waits for it.
  const shaped = mode.kind === "internet";
  const freeAt = (address: string | null, provider: string) =>
    shaped ? pool.freeAt(address, provider, maxInFlight / 2) : 0;
  const router = createRouter({
    sending: options.sending,
    sources: { addresses: options.sources, hostname: options.hostname },
    registers: station.registers,
    counters: station.counters,
    node: options.node,
    now,
    freeAt,
  });
  const pool = new Pool({
    limits: options.limits,
    shaping: shaped ? router.limits : null,
    now,
    connect: createConnector({
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
  const attempt = createAttempt({
    suppressed: options.suppressed,
    targetOf: createTargets(mode, options.resolver),
    router,
    free: (address, provider) => freeAt(address, provider) <= now(),
    submit: (target, task) => pool.submit(target, task),
    mayHold: () => shaped || router.mayWait(),
    lookup,
    settle,
    doubt,
    retry,
    now,
  });

  async function take(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      try {
        for await (const claim of station.queue.claim<DeliveryJob>({ maxInFlight, signal })) {
          // A second copy of a job in hand: whoever gets it later finds the outcome in the log.
          if (held.has(jobId(claim.data))) claim.release(NO_ROOM_MS);
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
    const key = jobId(claim.data);
    held.set(key, claim);
    const work = attempt(claim).catch((error) => {
      const level = error instanceof LogUnavailableError ? "warn" : "error";
      logger[level]("delivery.failed", { job: claim.id, error: messageOf(error) });
      claim.release(NO_ROOM_MS);
    }).finally(() => {
      held.delete(key);
      settling.delete(work);
    });
    settling.add(work);
  }

  options.sending.onChange(() => pool.reconsider());
  const giving = setInterval(() => void giveBack(false), GIVE_BACK_MS);
  /** What is not given back to the counters is not sent by anybody: no more than that. */
  async function giveBack(all: boolean): Promise<void> {
    try {
      await router.release(all);
    } catch (error) {
      logger.warn("delivery.quota-kept", { error: messageOf(error) });
    }
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
      clearInterval(giving);
      await giveBack(true);
      doubt.stop();
    },
  };
}
