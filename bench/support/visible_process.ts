/**
 * The process of `visible.ts`. Arguments: URL of NATS, directory of the engine, account. Says "ready"
 * when it has caught up, then for each message id on standard input "clicked" once its copy is.
 */
import { createQueries, runLoader } from "../../analytics/mod.ts";
import { openClickHouse } from "../../src/embedded/mod.ts";
import { connectStation } from "../../src/log/mod.ts";
import { createLogger, createMetrics } from "../../src/runtime/mod.ts";

const [url, path, account] = Deno.args as [string, string, string];
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
say("ready");
for await (const message of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  while (true) {
    const { items } = await queries.messages(account, { message }, { limit: 1 });
    if (items[0]?.clicked) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  say("clicked");
}
