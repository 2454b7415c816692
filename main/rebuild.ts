/**
 * `deno task rebuild`: builds what ClickHouse holds anew from the log, beside what serves, and puts it
 * in its place. A running platform's loader is asked to do it; without one it is done here.
 */
import { join } from "node:path";
import { rebuild } from "@chappe/analytics";
import { type DataDir, DataDirError, openClickHouse, openDataDir } from "@chappe/src/embedded";
import type { Station } from "@chappe/src/log";
import {
  type Config,
  createLogger,
  createMetrics,
  type Logger,
  readConfig,
} from "@chappe/src/runtime";
import { openLogServer } from "./embedded_log.ts";
import { printLine, runToExit } from "./exit.ts";
import { CLICKHOUSE, NATS_URL_FILE } from "./places.ts";
import { askForRebuild, comparisonLines, progressLine } from "./rebuild_told.ts";
import { openStation } from "./station.ts";

await runToExit(async () => {
  const env = Deno.env.toObject();
  const config = readConfig(env, Deno.readTextFileSync);
  const logger = createLogger(printLine, Date.now);
  await using stack = new AsyncDisposableStack();

  const data = await dataDir(config);
  if (data !== null) stack.adopt(data, (d) => Promise.resolve(d.close()));
  const url = await logUrl(config, env, data, logger, stack);
  const station = stack.adopt(await openStation(config, url, logger), (s) => s.close());
  if (await askForRebuild(station, printLine)) return;
  if (data === null) {
    throw new Error("the platform that runs has no loader to ask: start that role");
  }
  await rebuildHere(config, data, station, logger);
});

/** Null when a running platform has it. */
async function dataDir(config: Config): Promise<DataDir | null> {
  try {
    return await openDataDir(config.data);
  } catch (error) {
    if (error instanceof DataDirError && error.isInUse) return null;
    throw error;
  }
}

async function logUrl(
  config: Config,
  env: Readonly<Record<string, string>>,
  data: DataDir | null,
  logger: Logger,
  stack: AsyncDisposableStack,
): Promise<string> {
  if (data === null) {
    return config.natsUrl ?? await Deno.readTextFile(join(config.data, NATS_URL_FILE));
  }
  return stack.adopt(await openLogServer(config, env, data, logger), (l) => l.stop()).url;
}

async function rebuildHere(config: Config, data: DataDir, station: Station, logger: Logger) {
  const client = await openClickHouse(
    config.clickhouseUrl === null ? { path: data.file(CLICKHOUSE) } : { url: config.clickhouseUrl },
  );
  try {
    const started = Date.now();
    const comparison = await rebuild({
      events: station.events,
      client,
      cluster: config.clickhouseCluster,
      now: Date.now,
      logger,
      metrics: createMetrics(),
      signal: new AbortController().signal,
      onProgress: (progress) => printLine(progressLine(progress, Date.now() - started)),
    });
    for (const line of comparisonLines(comparison, Date.now() - started)) printLine(line);
  } finally {
    await client.close();
  }
}
