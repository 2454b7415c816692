/** Throws the projection away and replays the whole log: the numbers come out the same. */
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { dropSchema, migrate } from "../schema/migrate.ts";
import { HitWindow } from "./hit_window.ts";
import { load, type LoaderOptions } from "./loader.ts";

export interface RebuildOptions extends LoaderOptions {
  /** Called after each insert: commits done, and how many there were at the start. */
  onProgress: (progress: { seq: number; last: number }) => void;
}

/**
 * No loader may run on the same database meanwhile. Resolves when everything that stood in the log
 * at the start is in ClickHouse.
 */
export async function rebuild(options: RebuildOptions): Promise<void> {
  const { client, events, onProgress, database = DEFAULT_DATABASE } = options;
  await dropSchema(client, { database });
  await migrate(client, { database });
  const last = await events.lastSeq();
  await load(options, {
    after: 0,
    window: new HitWindow(),
    follow: false,
    onLoaded: (batch) => onProgress({ seq: batch.last, last }),
  });
}
