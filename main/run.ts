/** One process of the platform, playing one role or more on a log that is already there. */
import {
  type Config,
  createLogger,
  createMetrics,
  type Logger,
  messageOf,
  type Metrics,
} from "@chappe/src/runtime";
import type { Station } from "@chappe/src/log";
import { createVault, followSettings, type LiveSettings } from "@chappe/src/settings";
import { readMasterKey } from "./secrets.ts";
import { provision } from "./provision.ts";
import type { Role } from "./roles.ts";
import { openStation } from "./station.ts";

/** What every role is given. */
export interface Surroundings {
  config: Config;
  station: Station;
  settings: LiveSettings;
  masterKey: Uint8Array;
  logger: Logger;
  metrics: Metrics;
  /** Whether the supervisor runs this process, perhaps beside others with the same role. */
  supervised: boolean;
  /** Aborts when the process is asked to stop. */
  signal: AbortSignal;
}

/** A role at work. */
export interface Running {
  /** Whether it can do its work now; the text says why not. */
  health(): Promise<string | null>;
  /** Finishes what it holds, for at most `drainMs`, and lets go. */
  stop(drainMs: number): Promise<void>;
}

/** Less than the supervisor's patience, ms. */
const DRAIN = 20_000;

/** Resolves when `stop` did and all is stopped. */
export async function runRoles(
  roles: readonly Role[],
  config: Config,
  print: (line: string) => void,
  stop: Promise<void>,
  supervised: boolean,
): Promise<void> {
  const logger = createLogger(print, Date.now, { process: roles.join("+") });
  if (config.natsUrl === null) {
    throw new Error(
      "a role alone needs the log that it shares with the others: set CHAPPE_NATS_URL, " +
        "or start the whole platform without naming roles",
    );
  }
  const masterKey = await readMasterKey(config);
  const vault = createVault(masterKey);
  const station = await openStation(config, config.natsUrl, logger);
  const aborter = new AbortController();
  const { signal } = aborter;
  await provision(station.events, config, vault);
  const settings = await followSettings({
    events: station.events,
    vault,
    signal,
    onError: (error) => logger.warn("settings-away", { error: messageOf(error) }),
  });
  const metrics = createMetrics();
  const around = { config, station, settings, masterKey, logger, metrics, supervised, signal };

  const running: Running[] = [];
  try {
    for (const start of await starters(roles)) running.push(await start(around));
    station.party.answer("metrics", () => ({ pid: Deno.pid, samples: metrics.snapshot() }));
    station.party.answer("health", () => healthOf(roles, running));
    metrics.gauge(
      "chappe_process_resident_bytes",
      "Resident memory",
      () => Deno.memoryUsage().rss,
      { process: roles.join("+") },
    );
    logger.info("ready");
    await stop;
    logger.info("draining");
  } finally {
    aborter.abort();
    for (const role of running.reverse()) await role.stop(DRAIN);
    await station.close();
  }
}

type Start = (around: Surroundings) => Promise<Running>;

/** Loads the code of the roles asked for, and no other: each costs memory. */
async function starters(roles: readonly Role[]): Promise<Start[]> {
  const found: Start[] = [];
  if (roles.includes("submission")) found.push((await import("./start/submission.ts")).start);
  if (roles.includes("inbound")) found.push((await import("./start/inbound.ts")).start);
  if (roles.includes("edge")) found.push((await import("./start/edge.ts")).start);
  if (roles.includes("delivery")) found.push((await import("./start/delivery.ts")).start);
  if (roles.includes("loader") || roles.includes("console")) {
    const { start } = await import("./start/analytics.ts");
    found.push((around) => start(around, roles));
  }
  return found;
}

async function healthOf(
  roles: readonly Role[],
  running: readonly Running[],
): Promise<{ process: string; troubles: string[] }> {
  const troubles = await Promise.all(running.map((r) => r.health()));
  return { process: roles.join("+"), troubles: troubles.filter((t) => t !== null) };
}
