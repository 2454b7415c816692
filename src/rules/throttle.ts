/** Slows down guessing: after some free attempts, each further one must wait twice as long. */

export interface Throttle {
  /**
   * Counts an attempt. @returns ms to wait; 0: go ahead. An attempt that must wait does not count.
   */
  attempt(key: string): number;
  /** The attempts so far were honest. */
  forget(key: string): void;
}

export interface ThrottleOptions {
  now: () => number;
  /** Attempts before the first wait. */
  free: number;
  firstWaitMs: number;
  /** The longest wait; a key is forgotten when it was quiet for as long. */
  longestWaitMs: number;
  /** Keys remembered at the most; the one quiet for longest goes first. */
  capacity: number;
}

export function createThrottle(options: ThrottleOptions): Throttle {
  const { now, free, firstWaitMs, longestWaitMs, capacity } = options;
  const seen = new Map<string, { count: number; last: number }>();

  return {
    attempt(key) {
      const at = now();
      let entry = seen.get(key);
      if (entry === undefined || at - entry.last >= longestWaitMs) entry = { count: 0, last: at };
      const wait = entry.count < free
        ? 0
        : Math.min(longestWaitMs, firstWaitMs * 2 ** (entry.count - free));
      const left = entry.last + wait - at;
      if (wait > 0 && left > 0) return left;
      seen.delete(key);
      seen.set(key, { count: entry.count + 1, last: at });
      if (seen.size > capacity) seen.delete(seen.keys().next().value!);
      return 0;
    },
    forget: (key) => void seen.delete(key),
  };
}
