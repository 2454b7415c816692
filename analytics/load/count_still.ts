/**
 * Beside the loader: counts days once nothing was said of them for a minute, a few at a time. While
 * the loader is behind, it has the engine for itself.
 */
import { messageOf } from "@chappe/src/runtime";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { countDays, staleDays } from "./count_days.ts";
import type { LoaderOptions } from "./load.ts";
import { pause } from "./pause.ts";

const STILL_MS = 60_000;

/**
 * Until `signal` aborts; a step under way is ended first.
 * @param loader its place: the last commit that stands in ClickHouse; and whether it is behind
 */
export async function countStill(
  { client, metrics, logger, now, cluster = null, ...options }: LoaderOptions,
  { position, isBehind }: { position: () => number; isBehind: () => boolean },
  signal: AbortSignal,
): Promise<void> {
  const { database = DEFAULT_DATABASE, stillMs = STILL_MS } = options;
  const place = { client, database, cluster };
  let still = position();
  while (true) {
    await pause(stillMs, signal);
    if (signal.aborted) return;
    const seen = position();
    try {
      const stale = isBehind() ? [] : await staleDays(place, still);
      for (const days of stale) {
        const start = now();
        await countDays(place, days, position());
        metrics.count("chappe_loader_days_total", "Days counted for figures.", days.days.length);
        // Inserts and questions have the engine as long as this had it.
        await pause(now() - start, signal);
        if (signal.aborted) return;
        if (isBehind()) break;
      }
    } catch (error) {
      logger.warn("loader.count-days", { error: messageOf(error) });
    }
    still = seen;
  }
}
