/** Finds outcomes that are in the log already: one reading of the log answers all who ask at a time. */
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

export function createLookup(events: Pick<EventLog, "read">): Lookup {
  let next: Asked[] = [];
  let reading = false;

  async function work(): Promise<void> {
    if (reading) return;
    reading = true;
    while (next.length > 0) {
      const asked = next;
      next = [];
      try {
        const found = await scan(asked);
        for (const each of asked) each.resolve(found.get(each.id) ?? null);
      } catch (error) {
        for (const each of asked) each.reject(error);
      }
    }
    reading = false;
  }

  async function scan(asked: readonly Asked[]): Promise<Map<string, Event>> {
    const wanted = new Set(asked.map((a) => a.id));
    const until = Math.max(...asked.map((a) => a.until));
    const since = Math.min(...asked.map((a) => a.since));
    const found = new Map<string, Event>();
    if (since > until) return found;
    for await (const commit of events.read({ families: ["delivery"], since })) {
      if (commit.recorded > until) break;
      for (const event of commit.events) {
        if (!wanted.delete(event.id)) continue;
        found.set(event.id, event);
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
