/**
 * Since when the log's memory of what it handed out can be relied on. A log that crashed may have
 * forgotten acknowledgements and hand things out again as if for the first time, as may everything
 * from before this process started. What is older than that is in doubt: look before doing it again.
 */

/** Clocks of different machines, and the time a short break goes unnoticed, ms. */
const MARGIN_MS = 2_000;
const WATCH_MS = 100;

export interface Doubt {
  /** What the log took before this time (ms UTC) may have been done already. */
  readonly before: number;
  stop(): void;
}

export function watchDoubt({ connected, now }: { connected(): boolean; now(): number }): Doubt {
  let before = now() + MARGIN_MS;
  const watch = setInterval(() => {
    if (!connected()) before = now() + MARGIN_MS;
  }, WATCH_MS);
  return {
    get before() {
      return before;
    },
    stop: () => clearInterval(watch),
  };
}
