/** Long answers of ClickHouse as they come, where `@clickhouse/client` over chDB holds each one whole. */
import { createClient } from "@clickhouse/client";
import { type ClickHouseOptions, engineArgs, loadEngine, QUIET } from "./chdb.ts";
import { withLiterals } from "./literals.ts";

export interface Streams {
  /**
   * The answer's bytes in `format`; pieces end anywhere. Settings stand in the SQL (chdb.ts), values
   * in `params`. Leaving off early stops the query.
   */
  read(
    sql: string,
    params: Readonly<Record<string, unknown>>,
    format: string,
  ): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** Embedded, somebody else must hold the directory open: a stream opens none by itself. */
export async function openStreams(options: ClickHouseOptions): Promise<Streams> {
  return "url" in options ? ofServer(options.url) : await ofEngine(options);
}

async function ofEngine(
  options: Extract<ClickHouseOptions, { path: string }>,
): Promise<Streams> {
  const { Session } = await loadEngine();
  const connectionArgs = engineArgs(options);
  return {
    /** Each on a connection of its own, for a connection runs one query at a time. */
    async *read(sql, params, format) {
      const session = new Session(options.path, { connectionArgs });
      try {
        const chunks = session.queryStream(withLiterals(sql, params), { format });
        for await (const chunk of chunks) yield chunk.raw();
      } finally {
        session.close();
      }
    },
    close: () => Promise.resolve(),
  };
}

function ofServer(url: string): Streams {
  const client = createClient({ url, log: QUIET });
  return {
    async *read(sql, params, format) {
      const stop = new AbortController();
      const { stream } = await client.exec({
        query: `${sql} FORMAT ${format}`,
        query_params: { ...params },
        abort_signal: stop.signal,
        clickhouse_settings: { cancel_http_readonly_queries_on_client_close: 1 },
      });
      try {
        for await (const piece of stream) yield piece as Uint8Array;
      } finally {
        stop.abort();
      }
    },
    close: () => client.close(),
  };
}
