/** Waits for what was just appended to the log, so that who wrote it can read it back. */

const PAUSE_MS = 25;

/** @param position last commit that stands in ClickHouse */
export async function caughtUp(
  position: () => Promise<number>,
  seq: number,
  timeoutMs: number,
): Promise<boolean> {
  const limit = AbortSignal.timeout(timeoutMs);
  while (await position() < seq) {
    if (limit.aborted) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return true;
}
