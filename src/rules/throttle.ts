/** Slows down guessing: after some free attempts, each further one must wait twice as long. */

export interface Throttle {
  /** ms to wait before the next attempt; 0: go ahead. Counts nothing. */
  wait(key: string): number;
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

  function entryOf(key: string): { count: number; last: number } {
    const entry = seen.get(key);
    const fresh = entry === undefined || now() - entry.last >= longestWaitMs;
    return fresh ? { count: 0, last: now() } : entry;
  }

  function wait(key: string): number {
    const { count, last } = entryOf(key);
    if (count < free) return 0;
    const ms = Math.min(longestWaitMs, firstWaitMs * 2 ** (count - free));
    return Math.max(0, last + ms - now());
  }

  return {
    wait,
    attempt(key) {
      const left = wait(key);
      if (left > 0) return left;
      const { count } = entryOf(key);
      seen.delete(key);
      seen.set(key, { count: count + 1, last: now() });
      if (seen.size > capacity) seen.delete(seen.keys().next().value!);
      return 0;
    },
    forget: (key) => void seen.delete(key),
  };
}
