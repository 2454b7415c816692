/** Roles `loader` and `console`: numbers into ClickHouse, and out of it onto API and pages. */
import { createHmac } from "node:crypto";
import { join } from "node:path";
import {
  createEmbeddedSql,
  createExports,
  createQueries,
  createServerSql,
  DEFAULT_DATABASE,
  embeddedUsers,
  readingDatabase,
  Rebuilds,
  runLoader,
  SQL_LIMITS,
} from "@chappe/analytics";
import { createConsole } from "@chappe/console";
import { createIntake } from "@chappe/ingest";
import {
  type ClickHouseOptions,
  openClickHouse,
  openConnections,
  openStreams,
} from "@chappe/src/embedded";
import { followSending } from "@chappe/src/follow";
import { followConsents } from "@chappe/src/recipients";
import { formatMetrics, messageOf, type Sample, toldApart } from "@chappe/src/runtime";
import { uuidv7 } from "@chappe/src/events";
import { generateDkimKey } from "@chappe/src/mail";
import { createAccessLog, createVault, createVerifier } from "@chappe/src/settings";
import { exampleCommand } from "../banner.ts";
import { CLICKHOUSE } from "../places.ts";
import type { Role } from "../roles.ts";
import type { Running, Surroundings } from "../run.ts";
import { checkingDns, startDomainWatch } from "./domains.ts";
import { listening } from "./listening.ts";

/** How long other processes get to answer for health and metrics, ms. */
const ASK = 500;

export async function start(around: Surroundings, roles: readonly Role[]): Promise<Running> {
  const { config } = around;
  const options: ClickHouseOptions = config.clickhouseUrl === null
    ? {
      path: join(config.data, CLICKHOUSE),
      users: embeddedUsers(DEFAULT_DATABASE, SQL_LIMITS),
    }
    : { url: config.clickhouseUrl };
  const parts: Running[] = [];
  if (roles.includes("loader")) parts.push(await startLoader(around, options));
  if (roles.includes("console")) {
    parts.push(await startConsole(around, options), startDomainWatch(around));
  }
  return {
    async health() {
      const troubles = await Promise.all(parts.map((p) => p.health()));
      return troubles.find((t) => t !== null) ?? null;
    },
    async stop(drainMs) {
      for (const part of parts.reverse()) await part.stop(drainMs);
    },
  };
}

async function startLoader(around: Surroundings, options: ClickHouseOptions): Promise<Running> {
  const { station, logger, metrics, signal } = around;
  const { clickhouseCluster: cluster, keepEventsDays, keepFiguresDays } = around.config;
  const client = await openClickHouse(options);
  const rebuilds = new Rebuilds();
  station.party.answer("rebuild", () => rebuilds.ask());
  station.party.answer("rebuild-state", () => rebuilds.state);
  const loading = runLoader(
    {
      events: station.events,
      client,
      cluster,
      keep: { events: keepEventsDays, figures: keepFiguresDays },
      maxWaitMs: 500,
      now: Date.now,
      logger,
      metrics,
      signal,
    },
    rebuilds,
  );
  return {
    async health() {
      const ping = await client.ping({ select: true });
      return ping.success ? null : `clickhouse: ${messageOf(ping.error)}`;
    },
    async stop() {
      await loading;
      await client.close();
    },
  };
}

async function startConsole(around: Surroundings, options: ClickHouseOptions): Promise<Running> {
  const { config, station, settings, masterKey, logger, metrics, signal } = around;
  const { events, bodies, counters, memos } = station;
  const client = await openClickHouse(options);
  const streams = await openStreams(options);
  const database = readingDatabase(DEFAULT_DATABASE, config.clickhouseCluster);
  const queries = createQueries(client, { database });
  const sql = "url" in options
    ? createServerSql({
      client,
      url: options.url,
      cluster: config.clickhouseCluster,
      secret: createHmac("sha256", masterKey).update("clickhouse-users").digest(),
    })
    : createEmbeddedSql(await openConnections(options));
  const verifier = createVerifier({ now: Date.now });
  const newId = () => uuidv7(Date.now());
  const optionsHeader = "X-EFIDEM-HEADERS";
  const intake = createIntake({
    hostname: config.hostname,
    maxSize: config.maxMessageBytes,
    events,
    bodies,
    counters,
    memos,
    settings,
    optionsHeader,
    now: Date.now,
    newId,
    logger,
    metrics,
  });
  const app = createConsole({
    queries,
    exports: createExports(streams, queries, { database }),
    sql,
    settings,
    sending: await followSending({
      events,
      signal,
      onError: (error) => logger.warn("addresses-away", { error: messageOf(error) }),
    }),
    events,
    access: createAccessLog({ events, now: Date.now, newId, logger }),
    keys: { generate: generateDkimKey, vault: createVault(masterKey) },
    installation: config,
    dns: checkingDns(config),
    consents: await followConsents({
      events,
      signal,
      onError: (error) => logger.warn("consents-away", { error: messageOf(error) }),
    }),
    bodies,
    intake,
    optionsHeader,
    mailbox: config.delivery.kind === "sandbox" ? station.mailbox : null,
    verifyPassword: (password, hash) => verifier.verify(password, hash),
    sessionSecret: createHmac("sha256", masterKey).update("console-session").digest(),
    ready: () => readiness(around),
    metricsText: async () => formatMetrics(await gatherMetrics(around)),
    now: Date.now,
    logger,
    metrics,
    publicUrl: config.consoleUrl,
    tryLine: exampleCommand(config),
  });
  const server = await listening(
    "CHAPPE_CONSOLE_LISTEN",
    config.console,
    async () =>
      await Promise.resolve(Deno.serve(
        { hostname: config.console.hostname, port: config.console.port, onListen: () => {} },
        (request, { remoteAddr }) => app.fetch(request, { remoteAddr }),
      )),
  );
  return {
    health: () => Promise.resolve(null),
    async stop() {
      await server.shutdown();
      await intake.close();
      verifier.close();
      await streams.close();
      await sql.close();
      await client.close();
    },
  };
}

/** Asks the log itself, which may hang while its connection stands, and all processes of the platform. */
async function readiness({ station }: Surroundings) {
  if (!station.connected()) return { ok: false, parts: { log: "NATS is away" } };
  const asked = station.party.ask("health", ASK) as Promise<
    { process: string; troubles: string[] }[]
  >;
  const [answers, logAnswers] = await Promise.all([
    asked,
    station.usage().then(() => true, () => false),
  ]);
  if (!logAnswers) return { ok: false, parts: { log: "the log does not answer" } };
  const parts: Record<string, string> = { log: "ok" };
  for (const { process, troubles } of answers) parts[process] = troubles.join("; ") || "ok";
  return { ok: Object.values(parts).every((text) => text === "ok"), parts };
}

async function gatherMetrics({ station }: Surroundings): Promise<Sample[]> {
  const answers = await station.party.ask("metrics", ASK) as { pid: number; samples: Sample[] }[];
  const samples = toldApart(answers);
  const sample = (name: string, help: string, value: number, labels: Record<string, string>) =>
    samples.push({ name, help, type: "gauge", value, labels });
  try {
    for (const [stream, kept] of Object.entries(await station.usage())) {
      const { messages, bytes, lastSeq } = kept;
      sample("chappe_log_messages", "Messages in a stream of the log", messages, { stream });
      sample("chappe_log_bytes", "Bytes in a stream of the log", bytes, { stream });
      sample("chappe_log_last_seq", "Last sequence of a stream of the log", lastSeq, { stream });
    }
    const { waiting, claimed, scheduled } = await station.queue.depth();
    sample("chappe_queue_jobs", "Jobs in the queue", waiting, { state: "waiting" });
    sample("chappe_queue_jobs", "Jobs in the queue", claimed, { state: "claimed" });
    sample("chappe_queue_jobs", "Jobs in the queue", scheduled, { state: "scheduled" });
  } catch {
    sample("chappe_log_up", "Whether the log answers", 0, {});
    return samples;
  }
  sample("chappe_log_up", "Whether the log answers", 1, {});
  return samples;
}
