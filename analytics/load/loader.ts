/**
 * Log → ClickHouse, exactly once. The loader keeps no state: `facts` itself says where to go on, for
 * its inserts are atomic and carry their positions. Whatever goes wrong is tried again for ever,
 * with the same rows and the same token, so nothing is lost, nothing stands twice, and no more than
 * two batches are held in memory.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import type { EventLog } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { dropSchema, migrate, RebuildNeededError } from "../schema/migrate.ts";
import type { Batch } from "./batch.ts";
import { batches } from "./batches.ts";
import { readHead } from "./head.ts";
import type { HitWindow } from "./hit_window.ts";
import { readHitWindow } from "./hit_window_read.ts";
import { insert } from "./insert.ts";
import { mend } from "./mend.ts";
import { backoff, pause } from "./pause.ts";

export interface LoaderOptions {
  events: EventLog;
  /** A client of its own: an insert keeps a client of the embedded engine busy. */
  client: ClickHouseClient;
  database?: string;
  /** Rows of one insert, about: a commit is never cut. */
  maxRows?: number;
  /** How long a batch that is not full waits for more events. */
  maxWaitMs?: number;
  /** ms UTC. */
  now: () => number;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
}

const MAX_SIZE = 16 * 2 ** 20;
const MAX_ROWS = 20_000;

/** Runs until `signal` aborts; then what was read is inserted before it resolves, unless ClickHouse is away. */
export async function runLoader(options: LoaderOptions): Promise<void> {
  const { client, metrics, signal, logger } = options;
  const database = options.database ?? DEFAULT_DATABASE;
  let position = 0;
  metrics.gauge(
    "chappe_loader_position",
    "Last commit of the log that stands in ClickHouse.",
    () => position,
  );
  for (let failures = 0; !signal.aborted;) {
    try {
      await migrate(client, { database });
      position = await resume(options, database);
      logger.info("loader.started", { after: position });
      await load(options, {
        after: position,
        window: await readHitWindow(client, database),
        follow: true,
        onLoaded(batch) {
          failures = 0;
          position = batch.last;
          note(options, batch);
        },
      });
    } catch (error) {
      if (error instanceof RebuildNeededError) {
        logger.warn("loader.rebuilding", { reason: error.message });
        await dropSchema(client, { database });
        continue;
      }
      failures++;
      logger.error("loader.stopped", { error: messageOf(error), retryInMs: backoff(failures) });
      await pause(backoff(failures), signal);
    }
  }
}

/** The commit to go on after. Completes what the last insert may have left half done. */
async function resume({ client, events }: LoaderOptions, database: string): Promise<number> {
  const { seq, batch } = await readHead(client, database);
  const last = await events.lastSeq();
  if (seq > last) {
    throw new Error(
      `ClickHouse database ${database} mirrors a log up to commit ${seq}, but this one ends at ` +
        `${last}: it is another log. Run \`deno task rebuild\``,
    );
  }
  if (seq > 0) await mend(client, database, batch);
  return seq;
}

/** Inserts the commits after `after`, up to the end of the log or, with `follow`, for ever. */
export async function load(
  options: LoaderOptions,
  from: {
    after: number;
    /** Of the hits up to there. */
    window: HitWindow;
    follow: boolean;
    onLoaded: (batch: Batch) => void;
  },
): Promise<void> {
  const { events, signal, logger, metrics, maxRows = MAX_ROWS, maxWaitMs = 200 } = options;
  const { after, window, follow, onLoaded } = from;
  let inserting = Promise.resolve(true);
  const read = batches(
    events.read({ after, follow, signal }),
    { maxRows, maxSize: MAX_SIZE, maxWaitMs },
    window,
    () => inserting.catch(() => {}),
    (id, error) => {
      logger.error("loader.bad-event", { id, error: messageOf(error) });
      metrics.count("chappe_loader_bad_events_total", "Events not shaped as their type says.");
    },
  );
  try {
    for await (const batch of read) {
      // A batch that did not get in ends it: the next one would leave a gap behind itself.
      if (!await inserting) return;
      // Meanwhile the next batch is read and written out.
      inserting = insertUntilDone(options, batch).then((done) => {
        if (done) onLoaded(batch);
        return done;
      });
      inserting.catch(() => {}); // seen when it is awaited
    }
  } finally {
    // Whoever starts again must not do so beside an insert under way.
    await inserting;
  }
}

/** False when `signal` aborted while ClickHouse did not take the batch. */
async function insertUntilDone(options: LoaderOptions, batch: Batch): Promise<boolean> {
  const { client, logger, metrics, signal, database = DEFAULT_DATABASE } = options;
  for (let failures = 0;; failures++) {
    try {
      // After a failure nobody knows how far the insert came.
      if (failures > 0 && (await readHead(client, database)).seq >= batch.last) {
        await mend(client, database, batch.first);
      } else {
        await insert(client, database, batch);
      }
      return true;
    } catch (error) {
      const retryInMs = backoff(failures + 1);
      logger.warn("loader.insert-failed", { seq: batch.first, error: messageOf(error), retryInMs });
      metrics.count("chappe_loader_insert_failures_total", "Inserts that ClickHouse did not take.");
      if (signal.aborted) return false;
      await pause(retryInMs, signal);
    }
  }
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
