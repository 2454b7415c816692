/**
 * Log → ClickHouse, exactly once. The loader keeps no state: `facts` itself says where to go on, for
 * its inserts are atomic and carry their positions. Whatever goes wrong is tried again for ever,
 * with the same rows and the same token, so nothing is lost, nothing stands twice, and no more than
 * two batches are held in memory.
 */
import { messageOf } from "@chappe/src/runtime";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { dropSchema, hasDatabase, migrate, RebuildNeededError } from "../schema/migrate.ts";
import { applyKeep, KEEP_ALL } from "../schema/keep.ts";
import { finishSwitch, nextOf } from "../schema/switch.ts";
import type { Batch } from "./batch.ts";
import { countStill } from "./count_still.ts";
import { Gate } from "./gate.ts";
import { noteHead, readHead } from "./head.ts";
import { readHitWindow } from "./hit_window_read.ts";
import { load, type LoaderOptions } from "./load.ts";
import { mend } from "./mend.ts";
import { backoff, pause } from "./pause.ts";
import { Rebuilds } from "./rebuild/rebuilds.ts";

/** A loader that was behind so lately is taken to be behind still, ms. */
const BEHIND_MS = 5_000;
/** How often the position is noted apart from `facts`; rows are kept for a day at least. */
const NOTE_HEAD_MS = 3_600_000;

/**
 * Runs until `signal` aborts; then what was read is inserted before it resolves, unless ClickHouse is
 * away. A projection of an older version is rebuilt first.
 * @param rebuilds through which rebuilds are asked for meanwhile
 */
export async function runLoader(options: LoaderOptions, rebuilds = new Rebuilds()): Promise<void> {
  const { client, metrics, signal, logger, cluster = null, keep = KEEP_ALL } = options;
  const database = options.database ?? DEFAULT_DATABASE;
  let position = 0;
  let wasBehind = -Infinity;
  metrics.gauge(
    "chappe_loader_position",
    "Last commit of the log that stands in ClickHouse.",
    () => position,
  );
  const gate = new Gate();
  const rebuilding = rebuilds.serve(options, { position: () => position, hold: () => gate.hold() });
  let isSwept = false;
  for (let failures = 0; !signal.aborted;) {
    try {
      const round = AbortSignal.any([signal, await gate.pass()]);
      await finishSwitch(client, database, cluster);
      // What a rebuild left that a crash broke off.
      if (!isSwept && !rebuilds.isBusy() && await hasDatabase(client, nextOf(database))) {
        await dropSchema(client, { database: nextOf(database), cluster });
      }
      isSwept = true;
      await migrate(client, { database, cluster });
      position = await resume(options, database);
      await applyKeep(client, database, keep, cluster);
      let noted = options.now();
      logger.info("loader.started", { after: position });
      const window = await readHitWindow(client, database);
      const ended = new AbortController();
      const counting = countStill(
        options,
        {
          position: () => position,
          isBehind: () => options.now() - wasBehind < BEHIND_MS,
        },
        AbortSignal.any([round, ended.signal]),
      );
      try {
        await load({ ...options, signal: round }, {
          after: position,
          window,
          follow: true,
          onLoaded(batch) {
            failures = 0;
            position = batch.last;
            // As long as batches are full, more waits behind them.
            if (batch.isFull) wasBehind = options.now();
            note(options, batch);
            if (options.now() - noted > NOTE_HEAD_MS) {
              noted = options.now();
              noteHead(client, database, { seq: batch.last, batch: batch.first })
                .catch((error) => logger.warn("loader.head", { error: messageOf(error) }));
            }
          },
        });
      } finally {
        ended.abort();
        await counting;
      }
    } catch (error) {
      if (error instanceof RebuildNeededError) {
        logger.warn("loader.rebuild-needed", { reason: error.message });
        if (await rebuilds.perform(options, null)) continue;
      }
      failures++;
      logger.error("loader.stopped", { error: messageOf(error), retryInMs: backoff(failures) });
      await pause(backoff(failures), signal);
    }
  }
  gate.leave();
  await rebuilding;
}

/** The commit to go on after. Completes what the last insert may have left half done. */
async function resume(
  { client, events, cluster }: LoaderOptions,
  database: string,
): Promise<number> {
  const { seq, batch } = await readHead(client, database, cluster);
  const last = await events.lastSeq();
  if (seq > last) {
    throw new Error(
      `ClickHouse database ${database} mirrors a log up to commit ${seq}, but this one ends at ` +
        `${last}: it is another log. Run \`deno task rebuild\``,
    );
  }
  if (seq > 0) await mend(client, database, batch);
  // Before any row of it can expire.
  await noteHead(client, database, { seq, batch });
  return seq;
}

function note({ metrics, now }: LoaderOptions, batch: Batch): void {
  metrics.count("chappe_loader_events_total", "Events loaded into ClickHouse.", batch.events);
  metrics.count("chappe_loader_rows_total", "Rows inserted into ClickHouse.", batch.rows);
  metrics.observe(
    "chappe_loader_delay_seconds",
    "From an event's commit to its row, of the oldest event of each insert.",
    Math.max(0, now() - batch.recorded) / 1000,
  );
}
