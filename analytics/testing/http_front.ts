/**
 * For tests: what a ClickHouse server says over HTTP, as far as our clients ask it, in front of the
 * embedded engine. Statement in `query` or in the body; rows after it in the body; parameters as
 * `param_…`, escaped as in TabSeparated. https://clickhouse.com/docs/interfaces/http
 */
import { Readable } from "node:stream";
import type { ClickHouseClient } from "@clickhouse/client";

export interface HttpFront extends AsyncDisposable {
  readonly url: string;
  /** Requests so far. */
  readonly requests: URL[];
  /** While true, connections are accepted and broken off. */
  away: boolean;
}

export function serveHttp(engine: ClickHouseClient): HttpFront {
  const requests: URL[] = [];
  const front = { away: false };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      requests.push(url);
      const body = await request.text();
      if (front.away) return new Response("Service Unavailable", { status: 503 });
      const inUrl = url.searchParams.get("query");
      const params = [...url.searchParams].filter(([name]) => name.startsWith("param_"));
      try {
        const { stream } = await engine.exec({
          query: inUrl ?? body,
          query_params: Object.fromEntries(
            params.map(([name, text]) => [name.slice(6), plain(text)]),
          ),
          ...(inUrl === null || body === "" ? {} : { values: Readable.from([body]) }),
        });
        const answer = await Array.fromAsync(stream as AsyncIterable<Uint8Array>);
        return new Response(new Blob(answer.map((bytes) => new Uint8Array(bytes))));
      } catch (error) {
        const { code = 0, message } = error as { code?: string; message: string };
        return new Response(`Code: ${code}. DB::Exception: ${message}. (ERROR)`, { status: 500 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    get away() {
      return front.away;
    },
    set away(away) {
      front.away = away;
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const PLAIN: Readonly<Record<string, string>> = {
  t: "\t",
  n: "\n",
  r: "\r",
  b: "\b",
  f: "\f",
  "0": "\0",
};

/** Takes the escapes back out: the embedded engine's client puts them in again. */
function plain(text: string): string {
  return text.replace(/\\([^])/g, (_, c: string) => PLAIN[c] ?? c);
}
