/** Waiting between attempts. */

/** Resolves after `ms`, or at once when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** How long to wait after the `failures`-th failure in a row: doubling from 100 ms up to 10 s. */
export function backoff(failures: number): number {
  return Math.min(100 * 2 ** (failures - 1), 10_000);
}
