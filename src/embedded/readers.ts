/** Connections to the embedded engine for queries, of which each runs one at a time. */
import type { loadEngine } from "./chdb.ts";
import { withLiterals } from "./literals.ts";

type Reader = InstanceType<Awaited<ReturnType<typeof loadEngine>>["ChdbConnection"]>;
type Query = Parameters<Reader["query"]>[0];
type Answer = Awaited<ReturnType<Reader["query"]>>;

/** As many as a page asks questions at once; further queries wait. */
const MOST = 4;
/**
 * Free memory for which a query is given another thread. The engine would ask for a GiB each, so that
 * all queries would have one: it may take 2 GiB as a whole (chdb.ts).
 */
const PER_THREAD = 256 * 2 ** 20;
/** The engine parses 256 KiB, not counting bound parameters. */
const LONGEST = 200_000;

export class Readers {
  readonly #connect: () => Reader;
  #closed = false;
  readonly #all: { reader: Reader; ready: Promise<unknown>; busy: number }[] = [];

  constructor(connect: () => Reader) {
    this.#connect = connect;
  }

  /** On an idle connection, else behind the fewest others. */
  async query(query: Query): Promise<Answer> {
    if (this.#closed) throw new Error("the embedded engine is closed");
    let place = this.#all.toSorted((a, b) => a.busy - b.busy)[0];
    if ((place === undefined || place.busy > 0) && this.#all.length < MOST) {
      const reader = this.#connect();
      const query = `SET max_threads_min_free_memory_per_thread = ${PER_THREAD}`;
      place = { reader, ready: reader.command({ query }), busy: 0 };
      this.#all.push(place);
    }
    place!.busy++;
    try {
      await place!.ready;
      return await place!.reader.query(unbound(query));
    } finally {
      place!.busy--;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#all.map(({ reader }) => reader.close()));
  }
}

function unbound(query: Query): Query {
  const { query_params, ...rest } = query;
  if (query_params === undefined) return query;
  const sql = withLiterals(query.query, query_params);
  return sql.length > LONGEST ? query : { ...rest, query: sql };
}
