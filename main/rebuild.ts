/** `deno task rebuild`: drops what ClickHouse holds and replays the whole log into it, with progress. */
import { rebuild } from "@chappe/analytics";
import { openClickHouse, openDataDir } from "@chappe/src/embedded";
import { createLogger, createMetrics, readConfig } from "@chappe/src/runtime";
import { openLogServer } from "./embedded_log.ts";
import { printLine, runToExit } from "./exit.ts";
import { CLICKHOUSE } from "./places.ts";
import { openStation } from "./station.ts";

await runToExit(async () => {
  const env = Deno.env.toObject();
  const config = readConfig(env, Deno.readTextFileSync);
  const logger = createLogger(printLine, Date.now);
  await using stack = new AsyncDisposableStack();

  const data = stack.adopt(await openDataDir(config.data), (d) => Promise.resolve(d.close()));
  const log = stack.adopt(await openLogServer(config, env, data, logger), (l) => l.stop());
  const station = stack.adopt(await openStation(config, log.url, logger), (s) => s.close());
  const place = config.clickhouseUrl === null
    ? { path: data.file(CLICKHOUSE) }
    : { url: config.clickhouseUrl };
  const client = stack.adopt(await openClickHouse(place), (c) => c.close());

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
      printLine(`rebuilding: commit ${seq} of ${last}, ${seconds()} s`),
  });
  printLine(`rebuilt in ${seconds()} s`);
});
