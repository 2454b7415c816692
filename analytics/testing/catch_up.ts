/** For tests: the loader, as long as it has something to do. */
import type { LoaderOptions } from "../load/load.ts";
import { runLoader } from "../load/loader.ts";
import { createQueries } from "../queries/mod.ts";

/** Runs it until everything in the log stands in ClickHouse. */
export async function catchUp(given: LoaderOptions): Promise<void> {
  const stop = new AbortController();
  const running = runLoader({ ...given, signal: stop.signal });
  const queries = createQueries(given.client);
  const last = await given.events.lastSeq();
  while (await queries.position().catch(() => -1) < last) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop.abort();
  await running;
}
