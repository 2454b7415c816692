/** How much each address sent in the UTC day, as far as this node has seen. */
import { DAY, startOf } from "@chappe/src/sending";

/** Addresses remembered; the one quiet for longest goes first. */
const REMEMBERED = 1_000;

export interface Tally {
  sent(address: string, at: number): void;
  /** Attempts of the UTC day of `at`. */
  on(address: string, at: number): number;
}

export function createTally(): Tally {
  const counts = new Map<string, { day: number; sent: number }>();
  return {
    sent(address, at) {
      const day = startOf(at, DAY);
      let count = counts.get(address);
      if (count === undefined || count.day < day) {
        counts.delete(address);
        counts.set(address, count = { day, sent: 0 });
        if (counts.size > REMEMBERED) counts.delete(counts.keys().next().value!);
      }
      if (count.day === day) count.sent++;
    },
    on(address, at) {
      const count = counts.get(address);
      return count?.day === startOf(at, DAY) ? count.sent : 0;
    },
  };
}
