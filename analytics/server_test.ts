import assert from "node:assert/strict";
import { openClickHouse, startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries, runLoader } from "./mod.ts";
import { catchUp } from "./testing/catch_up.ts";
import { serveHttp } from "./testing/http_front.ts";
import { createMemoryLog, fill } from "./testing/memory_log.ts";
import { naive } from "./testing/naive.ts";
import { ACCOUNTS, HOSTILE, traffic } from "./testing/traffic.ts";

const EVENTS = traffic(31, 100, Date.UTC(2026, 9, 30));

Deno.test("by URL, loader and queries speak HTTP and come to the same", async () => {
  await using engine = await startTestClickHouse();
  await using front = serveHttp(engine.client);
  const client = await openClickHouse({ url: front.url });
  const log = createMemoryLog();
  fill(log, EVENTS, 10);
  const options = { client, events: log, maxRows: 100, maxWaitMs: 1, now: () => 0 };
  const quiet = { logger: SILENT, metrics: createMetrics() };

  // Away at first: the loader waits for it.
  front.away = true;
  const stop = new AbortController();
  const waiting = runLoader({ ...options, ...quiet, signal: stop.signal });
  while (front.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  front.away = false;
  stop.abort();
  await waiting;
  await catchUp({ ...options, ...quiet, signal: new AbortController().signal });

  const all = naive(EVENTS);
  const queries = createQueries(client);
  for (const account of ACCOUNTS) {
    const own = all.filter((d) => d.account === account);
    const { items } = await queries.messages(account, {}, { limit: 1000 });
    assert.equal(items.length, own.length);
    for (const subject of HOSTILE) {
      const found = await queries.messages(account, { subject }, { limit: 1000 });
      assert.equal(found.items.length, own.filter((d) => d.subject.includes(subject)).length);
    }
    const { total } = await queries.stats(account, { groupBy: "day" });
    assert.equal(total.opened, own.filter((d) => d.opened).length);
    assert((await queries.message(account, own[0]!.id))!.recipients.length > 0);
  }
  assert(
    front.requests.some((url) =>
      /^INSERT INTO chappe\.facts/.test(url.searchParams.get("query") ?? "")
    ),
  );
  await client.close();
});
