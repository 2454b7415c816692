/** Beside the loader: counts days once nothing was said of them for a minute, a few at a time. */
import { messageOf } from "@chappe/src/runtime";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { countDays, staleDays } from "./count_days.ts";
import type { LoaderOptions } from "./load.ts";
import { pause } from "./pause.ts";

const STILL_MS = 60_000;

/**
 * Until `signal` aborts; a step under way is ended first.
 * @param position last commit that stands in ClickHouse
 */
export async function countStill(
  { client, metrics, logger, now, cluster = null, ...options }: LoaderOptions,
  position: () => number,
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
      for (const days of await staleDays(place, still)) {
        const start = now();
        await countDays(place, days, position());
        metrics.count("chappe_loader_days_total", "Days counted for figures.", days.days.length);
        // Inserts and questions have the engine as long as this had it.
        await pause(now() - start, signal);
        if (signal.aborted) return;
      }
    } catch (error) {
      logger.warn("loader.count-days", { error: messageOf(error) });
    }
    still = seen;
  }
}
