/**
 * The process of `visible.ts`. Arguments: URL of NATS, directory of the engine, account. Says "ready"
 * when it has caught up, then the ids of the account's messages as they are seen to be clicked.
 */
import { createQueries, runLoader } from "../../analytics/mod.ts";
import { openClickHouse } from "../../src/embedded/mod.ts";
import { connectStation } from "../../src/log/mod.ts";
import { createLogger, createMetrics } from "../../src/runtime/mod.ts";

const [url, path, account] = Deno.args as [string, string, string];
/** Messages looked at: those of many seconds. */
const LATEST = 500;
const EVERY_MS = 25;
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const logger = createLogger(
  (line) => Deno.stderr.writeSync(new TextEncoder().encode(`${line}\n`)),
  Date.now,
);
const station = await connectStation({ url, now: Date.now, logger });
const client = await openClickHouse({ path });
runLoader({
  events: station.events,
  client: await openClickHouse({ path }),
  // As the platform runs it (main/start/analytics.ts).
  maxWaitMs: 500,
  now: Date.now,
  logger,
  metrics: createMetrics(),
  signal: new AbortController().signal,
});
const queries = createQueries(client);
const last = await station.events.lastSeq();
while (await queries.position().catch(() => -1) < last) {
  await new Promise((resolve) => setTimeout(resolve, 50));
}
say("ready\n");
const seen = new Set<string>();
while (true) {
  const { items } = await queries.messages(account, {}, { limit: LATEST });
  for (const { id, clicked } of items) {
    if (!clicked || seen.has(id)) continue;
    seen.add(id);
    say(`${id}\n`);
  }
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
