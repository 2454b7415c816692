/**
 * Builds the projection anew from the log beside the one that serves, compares the two at the same
 * place in the log, and puts the new one in the other's place. A crash before that leaves the old one
 * as it was; what was begun is thrown away at the next start.
 */
import { DEFAULT_DATABASE } from "../../schema/database.ts";
import { dropSchema, migrate, schemaOf } from "../../schema/migrate.ts";
import { finishSwitch, nextOf, switchOver } from "../../schema/switch.ts";
import { noteHead, readHead } from "../head.ts";
import { HitWindow } from "../hit_window.ts";
import { load, type LoaderOptions } from "../load.ts";
import { compare, type Comparison } from "./compare.ts";

export interface Progress {
  /** Commits done, and the last there is. */
  seq: number;
  last: number;
  /** Events loaded so far. */
  events: number;
}

export interface RebuildOptions extends LoaderOptions {
  /** Called after each insert. */
  onProgress: (progress: Progress) => void;
}

/** The loader that keeps the serving projection up to date meanwhile. */
export interface Live {
  /** Last commit that stands there. */
  position(): number;
  /** Stops it between two inserts; it goes on, on what serves then, when the answer is called. */
  hold(): Promise<() => void>;
}

/** So few commits behind, the live loader may wait for the rest. */
const NEAR = 200;

/**
 * Without `live`, no loader may run on the same database meanwhile. Null: the old one had another
 * schema, or there was none, so that there was nothing to compare.
 * @throws {Error} when `signal` aborts before the switch
 */
export async function rebuild(
  options: RebuildOptions,
  live: Live | null = null,
): Promise<Comparison | null> {
  const { client, events, signal, cluster = null, onProgress } = options;
  const database = options.database ?? DEFAULT_DATABASE;
  const next = nextOf(database);
  await finishSwitch(client, database, cluster);
  await dropSchema(client, { database: next, cluster });
  await migrate(client, { database: next, cluster });

  const window = new HitWindow();
  let loaded = 0;
  let filled = 0;
  const fill = async (upTo: number) => {
    await load({ ...options, database: next }, {
      after: filled,
      upTo,
      window,
      follow: false,
      onLoaded(batch) {
        loaded += batch.events;
        onProgress({ seq: batch.last, last: upTo, events: loaded });
      },
    });
    signal.throwIfAborted();
    filled = upTo;
  };
  let last: number;
  while ((last = await events.lastSeq()) - filled > NEAR) await fill(last);
  while (live !== null && live.position() < filled) {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const goOn = await live?.hold();
  try {
    await fill(live === null ? await events.lastSeq() : live.position());
    const schemas = [await schemaOf(client, database), await schemaOf(client, next)];
    const comparison = schemas[0] === schemas[1] ? await compare(client, database, next) : null;
    await noteHead(client, next, await readHead(client, next, cluster));
    await switchOver(client, database, cluster);
    return comparison;
  } finally {
    goOn?.();
  }
}
