/** `deno task rebuild`: drops what ClickHouse holds and replays the whole log into it, with progress. */
import { rebuild } from "@chappe/analytics";
import { openClickHouse, openDataDir } from "@chappe/src/embedded";
import { connectStation } from "@chappe/src/log";
import { createLogger, createMetrics, messageOf, readConfig } from "@chappe/src/runtime";
import { openLogServer } from "./embedded_log.ts";
import { CLICKHOUSE } from "./places.ts";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));
const env = Deno.env.toObject();
const undo: (() => Promise<void> | void)[] = [];
let code = 0;
try {
  const config = readConfig(env, Deno.readTextFileSync);
  const logger = createLogger((line) => print(line + "\n"), Date.now);
  const data = await openDataDir(config.data);
  undo.push(() => data.close());
  const log = await openLogServer(config, env, data, logger);
  undo.push(() => log.stop());
  const station = await connectStation({
    url: log.url,
    replicas: config.natsReplicas,
    storeBytes: config.storeBytes,
    now: Date.now,
    logger,
  });
  undo.push(() => station.close());
  const client = await openClickHouse(
    config.clickhouseUrl === null ? { path: data.file(CLICKHOUSE) } : { url: config.clickhouseUrl },
  );
  undo.push(() => client.close());
  const started = Date.now();
  const seconds = () => ((Date.now() - started) / 1000).toFixed(1);
  await rebuild({
    events: station.events,
    client,
    now: Date.now,
    logger,
    metrics: createMetrics(),
    signal: new AbortController().signal,
    onProgress: ({ seq, last }) =>
      print(`\rrebuilding: commit ${seq} of ${last}, ${seconds()} s   `),
  });
  print(`\nrebuilt in ${seconds()} s\n`);
} catch (error) {
  print(`rebuild failed: ${messageOf(error)}\n`);
  code = 1;
} finally {
  for (const step of undo.reverse()) await step();
}
Deno.exit(code);
