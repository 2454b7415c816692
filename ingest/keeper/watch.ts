/**
 * Follows the log with an observer. Each node reads all of it: rules count replies, and thresholds
 * are about shares, so that who sees a part of the traffic sees no trouble, or another one. What is
 * to be remembered comes from the log as well: the last hour is gone through as if it happened now,
 * and the rest of the last day is counted meanwhile.
 */
import type { Event, Family, NewEvent } from "@chappe/src/events";
import type { Commit, EventLog } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { DAY, HOUR } from "@chappe/src/sending";
import type { Departure, FindDelivered } from "../delivered.ts";
import { pause } from "../pause.ts";
import type { Observer } from "./observer.ts";
import { SPOKEN } from "./precedents.ts";
import type { Scribe } from "./scribe.ts";
import { copyOf, isTold, type Told } from "./told.ts";
import { createTurns } from "./turns.ts";

const PAUSE_MS = 1_000;
/** Copies looked for at a time; while there are as many, reading waits. */
const MAX_SOUGHT = 1_000;

export interface WatchOptions {
  events: Pick<EventLog, "read">;
  observer: Observer;
  scribe: Scribe;
  findDelivered: FindDelivered;
  now: () => number;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
}

/** Runs until `signal` aborts. */
export async function watch(options: WatchOptions): Promise<void> {
  const since = options.now() - HOUR;
  await Promise.all([live(options, since), past(options, since)]);
}

async function live(options: WatchOptions, since: number): Promise<void> {
  const { observer, scribe, now, logger } = options;
  const seeker = createSeeker(options);
  const families = ["delivery", "feedback", ...SPOKEN] as const;

  function record(facts: readonly NewEvent[]): void {
    for (const fact of facts) if (!isOver(fact, now())) scribe.record(fact);
  }
  async function take(event: Event): Promise<void> {
    try {
      if (!isTold(event)) record(observer.attempted(event));
      else await seeker.seek(event, (from) => record(observer.told(event, from)));
    } catch (error) {
      // One event that cannot be judged keeps nobody from judging the next.
      logger.error("keeper.unjudged", { id: event.id, error: messageOf(error) });
    }
  }
  await readOn(options, { families, since, follow: true }, async (commit) => {
    if (commit.family !== "delivery" && commit.family !== "feedback") scribe.hear(commit);
    else for (const event of commit.events) await take(event);
    return true;
  });
  await seeker.idle();
}

/** Counts what was before `until`: figures of a whole day are whole again after a start. */
async function past(options: WatchOptions, until: number): Promise<void> {
  const { observer, logger, signal } = options;
  const seeker = createSeeker(options);
  const turns = createTurns(signal);
  let seen = 0;
  const families = ["delivery", "feedback"] as const;
  await readOn(options, { families, since: until - DAY + HOUR }, async (commit) => {
    if (commit.recorded >= until) return false;
    for (const event of commit.events) {
      if (!isTold(event)) observer.past(event, null);
      else await seeker.seek(event, (from) => observer.past(event, from));
    }
    seen += commit.events.length;
    await turns.after(commit.events.length);
    return true;
  });
  await seeker.idle();
  logger.info("keeper.past", { events: seen });
}

/** Reads until `take` gives false, or the log or the signal ends it; where the log is away, later on. */
async function readOn(
  { events, logger, signal }: WatchOptions,
  { since, ...what }: { families: readonly Family[]; since: number; follow?: boolean },
  take: (commit: Commit) => Promise<boolean>,
): Promise<void> {
  let from: { since: number } | { after: number } = { since };
  while (!signal.aborted) {
    try {
      for await (const commit of events.read({ ...what, ...from, signal })) {
        if (!await take(commit)) return;
        from = { after: commit.seq };
      }
      return;
    } catch (error) {
      logger.warn("keeper.away", { error: messageOf(error) });
      await pause(PAUSE_MS, signal);
    }
  }
}

/** A pause or measure that would have ended before now. */
function isOver(fact: NewEvent, now: number): boolean {
  return (fact.type === "shaping.applied" || fact.type === "address.paused") &&
    fact.data.until !== null && fact.data.until <= now;
}

interface Seeker {
  /** Looks for where the copy left from; resolves when there is room for another search. */
  seek(event: Told, found: (from: Departure) => void): Promise<void>;
  idle(): Promise<void>;
}

function createSeeker({ findDelivered, logger, metrics, signal }: WatchOptions): Seeker {
  const underWay = new Set<Promise<void>>();

  async function search(event: Told, found: (from: Departure) => void): Promise<void> {
    const copy = copyOf(event);
    if (copy === null) return;
    while (!signal.aborted) {
      try {
        const from = await findDelivered(copy);
        if (from !== null) found(from);
        else {
          metrics.count(
            "chappe_keeper_unplaced_total",
            "Complaints and late bounces about copies that the log does not say to have left",
          );
        }
        return;
      } catch (error) {
        logger.warn("keeper.search", { error: messageOf(error) });
        await pause(PAUSE_MS, signal);
      }
    }
  }

  return {
    async seek(event, found) {
      const searching: Promise<void> = search(event, found)
        .finally(() => underWay.delete(searching));
      underWay.add(searching);
      if (underWay.size >= MAX_SOUGHT) await Promise.race(underWay);
    },
    async idle() {
      await Promise.all(underWay);
    },
  };
}
