/** What the keeper does by the clock. Each resolves when `signal` aborts; what fails is tried again. */
import type { DnsClient } from "@chappe/src/dns";
import type { NewEvent } from "@chappe/src/events";
import type { Counters } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { DAY, type DnsblList, MINUTE, type SendingState, startOf } from "@chappe/src/sending";
import { pause } from "../pause.ts";
import { decideDays, type DecideOptions } from "./days.ts";
import { askLists } from "./lists.ts";
import type { Precedents } from "./precedents.ts";
import type { Scribe } from "./scribe.ts";

/** What happened just before midnight is in the log by then. */
const SETTLED_MS = MINUTE;
/** Of several nodes one is likely to be first. */
const APART_MS = 2 * MINUTE;
const LISTS_EVERY_MS = 30 * MINUTE;

interface Clock {
  readonly now: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Between two looks at the clock, ms. */
  readonly tickMs: number;
}

/** Says of measures that their time is over. */
export async function endMeasures(
  { precedents, scribe, now, signal, tickMs }: Clock & {
    precedents: Pick<Precedents, "over">;
    scribe: Pick<Scribe, "record" | "idle">;
  },
): Promise<void> {
  while (!signal.aborted) {
    for (const fact of precedents.over(now())) scribe.record(fact);
    // What was written is known to be over; asked before, it would be said twice.
    await scribe.idle();
    await pause(tickMs, signal);
  }
}

/** Decides about the days of warm-ups: at the start, and after each UTC midnight. */
export async function endDays(
  options: Clock & Omit<DecideOptions, "now"> & {
    random: () => number;
    /** Hears of each decision. */
    decided: (fact: NewEvent) => void;
  },
): Promise<void> {
  const { now, logger, signal, tickMs, random, decided } = options;
  let next = startOf(now(), DAY) + SETTLED_MS;
  while (!signal.aborted) {
    if (now() >= next) {
      try {
        (await decideDays(options)).forEach(decided);
        next = startOf(now(), DAY) + DAY + SETTLED_MS + Math.floor(random() * APART_MS);
      } catch (error) {
        logger.warn("keeper.undecided", { error: messageOf(error) });
      }
    }
    await pause(tickMs, signal);
  }
}

/** Asks block lists about the addresses every half hour: one node for all. */
export async function watchLists(
  { lists, dns, state, counters, scribe, metrics, now, logger, signal, tickMs }: Clock & {
    lists: readonly DnsblList[];
    dns: DnsClient;
    state: () => SendingState;
    counters: Pick<Counters, "add">;
    scribe: Pick<Scribe, "record">;
    metrics: Metrics;
  },
): Promise<void> {
  if (lists.length === 0) return;
  let silent: ReadonlyMap<string, string> = new Map();
  metrics.gauges(
    "chappe_block_list_silent",
    "Block lists that would not say when last asked",
    () => [...silent.keys()].map((list) => [{ list }, 1]),
  );
  let done = 0;
  while (!signal.aborted) {
    const round = Math.floor(now() / LISTS_EVERY_MS);
    if (round > done && state().addresses.size > 0) {
      try {
        const first = await counters.add(`block-lists.${round}`, 1) === 1;
        done = round;
        if (first) {
          const { facts, silent: unsaid } = await askLists({ state, lists, dns, now });
          for (const fact of facts) scribe.record(fact);
          for (const [list, reason] of unsaid) {
            if (!silent.has(list)) logger.warn("keeper.list-silent", { list, reason });
          }
          silent = unsaid;
        }
      } catch (error) {
        logger.warn("keeper.lists", { error: messageOf(error) });
      }
    }
    await pause(tickMs, signal);
  }
}
