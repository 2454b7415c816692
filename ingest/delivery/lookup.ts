/**
 * Finds outcomes that are in the log already. Those who ask at a time are answered together; and the
 * ids read once are remembered, so that the next who ask cost only the reading of what came since.
 */
import type { Event } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";

export interface Question {
  /** Of the event looked for. */
  readonly id: string;
  /** It was recorded at this time at the earliest, ms UTC. */
  readonly since: number;
  /** And at this time at the latest; Infinity when it may be a moment ago. */
  readonly until: number;
}

export interface Lookup {
  /** The event, or null when the log does not hold it. @throws {LogUnavailableError} */
  find(question: Question): Promise<Event | null>;
}

interface Asked extends Question {
  resolve(found: Event | null): void;
  reject(error: unknown): void;
}

/** The ids of all events recorded from `since` on, up to commit `after` and time `upTo`. */
interface Known {
  readonly since: number;
  readonly ids: Set<string>;
  after: number | null;
  upTo: number;
}

/** Ids remembered; where there are more, the log is read for each round of questions. */
const MAX_KNOWN = 100_000;

export function createLookup(
  events: Pick<EventLog, "read">,
  now: () => number,
  maxKnown = MAX_KNOWN,
): Lookup {
  let next: Asked[] = [];
  let working = false;
  let known: Known | null = null;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (next.length > 0) {
      const asked = next;
      next = [];
      try {
        const { ids } = await know(asked) ?? { ids: null };
        const there = asked.filter(({ id }) => ids === null || ids.has(id));
        const found = await read(there);
        for (const each of asked) each.resolve(found.get(each.id) ?? null);
      } catch (error) {
        known = null;
        for (const each of asked) each.reject(error);
      }
    }
    working = false;
  }

  /** Brings what is known up to the questions; null when that would be too much to remember. */
  async function know(asked: readonly Question[]): Promise<Known | null> {
    const since = Math.min(...asked.map((a) => a.since));
    const until = Math.max(...asked.map((a) => a.until));
    if (known === null || since < known.since) {
      known = { since, ids: new Set(), after: null, upTo: since };
    }
    if (until <= known.upTo) return known;
    const startedAt = now();
    const from = known.after === null ? { since } : { after: known.after };
    for await (const commit of events.read({ families: ["delivery"], ...from })) {
      if (commit.recorded > until) {
        known.upTo = until;
        return known;
      }
      for (const { id } of commit.events) known.ids.add(id);
      known.after = commit.seq;
      if (known.ids.size > maxKnown) return known = null;
    }
    known.upTo = startedAt;
    return known;
  }

  /** The events themselves: rare, but for a log too long to be known. */
  async function read(asked: readonly Question[]): Promise<Map<string, Event>> {
    const found = new Map<string, Event>();
    if (asked.length === 0) return found;
    const wanted = new Set(asked.map((a) => a.id));
    const until = Math.max(...asked.map((a) => a.until));
    const since = Math.min(...asked.map((a) => a.since));
    for await (const commit of events.read({ families: ["delivery"], since })) {
      if (commit.recorded > until) break;
      for (const event of commit.events) {
        if (wanted.delete(event.id)) found.set(event.id, event);
      }
      if (wanted.size === 0) break;
    }
    return found;
  }

  return {
    find: (question) =>
      new Promise((resolve, reject) => {
        next.push({ ...question, resolve, reject });
        // What arrives in the same turn is answered by the same reading.
        queueMicrotask(() => void work());
      }),
  };
}
