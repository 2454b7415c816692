/** Keeps messages a minute apart by what a rate allows: the generic cell rate algorithm. */
import { MINUTE } from "./time.ts";

/** So many may follow each other at once, when none went for long enough before. */
const BURST_MS = 1_000;

export interface Pace {
  /** When the next message may start at this rate; not later than `now`: at once. */
  at(key: string, perMinute: number | null, now: number): number;
  /** One starts now. */
  started(key: string, perMinute: number | null, now: number): void;
}

/** @param capacity keys remembered; one that is forgotten starts afresh, with a burst at the most */
export function createPace(capacity: number): Pace {
  /** When the bucket of a key will be empty again, ms UTC. */
  const empties = new Map<string, number>();
  return {
    at(key, perMinute, now) {
      if (perMinute === null) return now;
      // Of a slow rate one at a time; a fast one may use up a second's worth at once.
      const due = (empties.get(key) ?? 0) - Math.max(0, BURST_MS - MINUTE / perMinute);
      return Math.max(now, Math.ceil(due));
    },
    started(key, perMinute, now) {
      if (perMinute === null) return;
      const next = Math.max(now, empties.get(key) ?? 0) + MINUTE / perMinute;
      empties.delete(key);
      empties.set(key, next);
      if (empties.size > capacity) empties.delete(empties.keys().next().value!);
    },
  };
}
