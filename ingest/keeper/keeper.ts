/** Keeps addresses in good standing: sees trouble in minutes, acts on it, and ends their days. */
import type { DnsClient } from "@chappe/src/dns";
import type { Station } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { createReputation, type DnsblList, type SendingState } from "@chappe/src/sending";
import { createFindDelivered } from "../delivered.ts";
import { pause } from "../pause.ts";
import { createAnnouncer } from "./announce.ts";
import { showFigures } from "./figures.ts";
import { createObserver } from "./observer.ts";
import { createPrecedents } from "./precedents.ts";
import { endDays, endMeasures, watchLists } from "./rounds.ts";
import { createScribe, type Scribe } from "./scribe.ts";
import { createTally } from "./tally.ts";
import { watch } from "./watch.ts";

const TICK_MS = 5_000;
const PAUSE_MS = 1_000;

export interface KeeperOptions {
  station: Pick<Station, "events" | "counters">;
  /** Addresses and what is in force, kept current. */
  sending: { readonly now: SendingState };
  /** Block lists that are asked. */
  lists: readonly DnsblList[];
  /** Keeps no answers: a list that was asked says how it is now. */
  dns: DnsClient;
  now: () => number;
  /** From 0 up to 1. */
  random: () => number;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
  /** Between two looks at the clock, ms. */
  tickMs?: number;
}

/**
 * Runs until `signal` aborts. It keeps nothing of its own: what is to be remembered is in the log,
 * and what was not written yet follows from it again.
 */
export async function runKeeper(options: KeeperOptions): Promise<void> {
  const { station: { events, counters }, sending, metrics, now, logger, signal } = options;
  const state = () => sending.now;
  const reputation = createReputation();
  const tally = createTally();
  const observer = createObserver({ state, reputation, tally });
  const precedents = createPrecedents(state());
  const announce = createAnnouncer({ logger, metrics });
  const findDelivered = createFindDelivered(events);
  showFigures({ metrics, state, reputation, tally, now });

  const scribe = await persist(
    () =>
      createScribe({
        events,
        precedents,
        heard(event) {
          precedents.heard(event);
          observer.known(event);
        },
        overruled(fact) {
          if (fact.type !== "shaping.applied") return;
          observer.overruled(fact, precedents.holdsUntil(fact.data));
        },
        written: announce,
        now,
        logger,
        signal,
      }),
    options,
  );
  if (scribe === null) return;
  const clock = { now, logger, signal, tickMs: options.tickMs ?? TICK_MS };
  await Promise.all([
    watch({ events, observer, scribe, findDelivered, now, logger, metrics, signal }),
    endMeasures({ ...clock, precedents, scribe }),
    endDays({ ...clock, events, findDelivered, random: options.random, decided: announce }),
    watchLists({ ...clock, ...options, tickMs: clock.tickMs, state, counters, scribe }),
  ]);
  await scribe.idle();
}

/** The scribe, as soon as the log is there; null when it is time to stop. */
async function persist(
  create: () => Promise<Scribe>,
  { logger, signal }: KeeperOptions,
): Promise<Scribe | null> {
  while (!signal.aborted) {
    try {
      return await create();
    } catch (error) {
      logger.warn("keeper.away", { error: messageOf(error) });
      await pause(PAUSE_MS, signal);
    }
  }
  return null;
}
