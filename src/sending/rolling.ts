/** Counts of the last quarter of an hour, hour and day, in buckets: a kilobyte, whatever comes. */
import { HOUR, MINUTE } from "./time.ts";

export const COUNTED = ["delivered", "deferred", "bounced", "complained", "opened"] as const;
export type Counted = typeof COUNTED[number];
export type Counts = Record<Counted, number>;

const WINDOWS = {
  "15m": { bucketMs: MINUTE, buckets: 15, from: 0 },
  "1h": { bucketMs: 5 * MINUTE, buckets: 12, from: 15 },
  "24h": { bucketMs: HOUR, buckets: 24, from: 27 },
} as const;
export type WindowName = keyof typeof WINDOWS;
export const WINDOW_NAMES = Object.keys(WINDOWS) as WindowName[];
const ALL_BUCKETS = 51;

export class Rolling {
  readonly #counts = new Uint32Array(ALL_BUCKETS * COUNTED.length);
  /** Number of the newest bucket of each window, counted from the epoch. */
  readonly #newest: Record<WindowName, number> = { "15m": 0, "1h": 0, "24h": 0 };

  /** Counts what happened at `at`; what is older than a window is not in it. */
  add(what: Counted, at: number): void {
    for (const name of WINDOW_NAMES) {
      const { bucketMs, buckets } = WINDOWS[name];
      const bucket = Math.floor(at / bucketMs);
      this.#turn(name, bucket);
      if (bucket <= this.#newest[name] - buckets) continue;
      this.#counts[this.#place(name, bucket) + COUNTED.indexOf(what)]!++;
    }
  }

  /** What happened in the window that ends at `at`, its first bucket as a whole. */
  sum(name: WindowName, at: number): Counts {
    const { bucketMs, buckets } = WINDOWS[name];
    this.#turn(name, Math.floor(at / bucketMs));
    const sums: Counts = { delivered: 0, deferred: 0, bounced: 0, complained: 0, opened: 0 };
    for (let i = 0; i < buckets; i++) {
      const place = this.#place(name, i);
      COUNTED.forEach((what, j) => sums[what] += this.#counts[place + j]!);
    }
    return sums;
  }

  #place(name: WindowName, bucket: number): number {
    const { buckets, from } = WINDOWS[name];
    return (from + bucket % buckets) * COUNTED.length;
  }

  /** Empties the buckets between the newest one and `bucket`, which takes its place. */
  #turn(name: WindowName, bucket: number): void {
    const newest = this.#newest[name];
    if (bucket <= newest) return;
    const { buckets } = WINDOWS[name];
    for (let b = Math.max(newest + 1, bucket - buckets + 1); b <= bucket; b++) {
      const place = this.#place(name, b);
      this.#counts.fill(0, place, place + COUNTED.length);
    }
    this.#newest[name] = bucket;
  }
}
