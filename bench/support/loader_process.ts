/** The process of `loader.ts`. Arguments: URL of NATS, URL of ClickHouse. */
import { runLoader } from "../../analytics/mod.ts";
import { openClickHouse } from "../../src/embedded/mod.ts";
import { connectStation } from "../../src/log/mod.ts";
import { createLogger, createMetrics } from "../../src/runtime/mod.ts";

const [url, clickhouseUrl] = Deno.args as [string, string];
const logger = createLogger(
  (line) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`)),
  Date.now,
);
const station = await connectStation({ url, now: Date.now, logger });
await runLoader({
  events: station.events,
  client: await openClickHouse({ url: clickhouseUrl }),
  // As the platform runs it (main/start/analytics.ts).
  maxWaitMs: 500,
  now: Date.now,
  logger,
  metrics: createMetrics(),
  signal: new AbortController().signal,
});
