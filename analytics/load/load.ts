/** A stretch of the log into ClickHouse, batch by batch: one is inserted while the next is read. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Commit, EventLog } from "@chappe/src/log";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import type { Cluster } from "../schema/cluster.ts";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import type { Keep } from "../schema/keep.ts";
import type { Batch } from "./batch.ts";
import { batches } from "./batches.ts";
import { readHead } from "./head.ts";
import type { HitWindow } from "./hit_window.ts";
import { insert } from "./insert.ts";
import { mend } from "./mend.ts";
import { backoff, pause } from "./pause.ts";

export interface LoaderOptions {
  events: EventLog;
  /** A client of its own: an insert keeps a client of the embedded engine busy. */
  client: ClickHouseClient;
  database?: string;
  /** On which it stands; null, the default: a single server. */
  cluster?: Cluster;
  /** How long rows are kept; by default for ever. */
  keep?: Keep;
  /** Rows of one insert, about: a commit is never cut. */
  maxRows?: number;
  /** How long a batch that is not full waits for more events. */
  maxWaitMs?: number;
  /** Nothing was said of a day for this long when it is counted. */
  stillMs?: number;
  /** ms UTC. */
  now: () => number;
  logger: Logger;
  metrics: Metrics;
  signal: AbortSignal;
}

const MAX_SIZE = 16 * 2 ** 20;
const MAX_ROWS = 20_000;

/** Inserts the commits after `after`, up to `upTo` or the end of the log or, with `follow`, for ever. */
export async function load(
  options: LoaderOptions,
  from: {
    after: number;
    /** Last commit to insert. */
    upTo?: number;
    /** Of the hits up to there. */
    window: HitWindow;
    follow: boolean;
    onLoaded: (batch: Batch) => void;
  },
): Promise<void> {
  const { events, signal, logger, metrics, maxRows = MAX_ROWS, maxWaitMs = 200 } = options;
  const { after, upTo, window, follow, onLoaded } = from;
  let inserting = Promise.resolve(true);
  const read = batches(
    within(events.read({ after, follow, signal }), upTo ?? Infinity),
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
  const { client, logger, metrics, signal, database = DEFAULT_DATABASE, cluster } = options;
  for (let failures = 0;; failures++) {
    try {
      // After a failure nobody knows how far the insert came.
      if (failures > 0 && (await readHead(client, database, cluster)).seq >= batch.last) {
        await mend(client, database, batch.first);
      } else {
        await insert(client, database, batch);
        // After a failure a broken-off request may still hold them.
        if (failures === 0) batch.letGo();
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

/** Commits up to `last`. */
async function* within(commits: AsyncIterable<Commit>, last: number): AsyncGenerator<Commit> {
  for await (const commit of commits) {
    if (commit.seq > last) return;
    yield commit;
    if (commit.seq === last) return;
  }
}
