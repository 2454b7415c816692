/** Starts a nats-server of our own on the loopback, for when no URL of one is given. */
import { type DataDir, openDataDir } from "./data_dir.ts";
import { EmbeddedError } from "./errors.ts";
import { NATS_USER, natsConfig, type NatsLimits, natsPaths } from "./nats_config.ts";
import { type LeashedProcess, spawnLeashed } from "./nats_process.ts";
import { stopLeftBehind } from "./nats_left_behind.ts";
import { isNewEnough, LEAST_NATS } from "../log/mod.ts";
import { natsVersion } from "./nats_version.ts";

const START_MS = 120_000;
const STOP_MS = 20_000;

export interface NatsOptions extends Partial<NatsLimits> {
  /** Path of a nats-server of at least `LEAST_NATS` (see `findNats`). */
  binary: string;
  /** Made when missing; holds the store, configuration and log. One server at a time may use it. */
  dataDir: string;
  /** Whether each acknowledgement waits for fsync. Default true. */
  syncAlways?: boolean;
  /** Port and password of an earlier start, to come back at the same URL. Default: free and random. */
  port?: number;
  password?: string;
}

export interface NatsServer {
  /** `nats://user:password@127.0.0.1:port`. A secret: never log it. */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  readonly pid: number;
  /** Resolves when the process is gone, asked to or not. */
  readonly exited: Promise<void>;
  /** Stops it cleanly; kills it where it does not stop in time. */
  stop(): Promise<void>;
}

/**
 * Resolves when the server takes connections. It reads its whole store first: minutes at worst.
 * @throws {DataDirError} when its directory cannot be used.
 * @throws {EmbeddedError} saying what is wrong with the binary, or why it died, in its own words.
 */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  await checkBinary(options.binary);
  const directory = await openDataDir(options.dataDir);
  try {
    await stopLeftBehind(directory.path);
    return await start(options, directory);
  } catch (error) {
    directory.close();
    throw error;
  }
}

async function checkBinary(binary: string): Promise<void> {
  const version = await natsVersion(binary);
  if (version === null) throw new EmbeddedError(`${binary} does not run as a nats-server`);
  if (!isNewEnough(version)) {
    throw new EmbeddedError(
      `${binary} is nats-server ${version}; ${LEAST_NATS} or newer is needed`,
    );
  }
}

async function start(
  options: NatsOptions,
  { path: directory, close }: DataDir,
): Promise<NatsServer> {
  const password = options.password ?? crypto.randomUUID();
  const paths = natsPaths(directory);
  await removePortFiles(directory);
  await Deno.remove(paths.pid).catch(() => {});
  const text = natsConfig({
    directory,
    password,
    port: options.port ?? 0,
    syncAlways: options.syncAlways ?? true,
    maxPayloadBytes: options.maxPayloadBytes ?? 8 * 1024 * 1024,
    maxStoreBytes: options.maxStoreBytes ?? 50 * 1024 ** 3,
    maxMemoryBytes: options.maxMemoryBytes ?? 64 * 1024 * 1024,
  });
  await Deno.writeTextFile(paths.config, text, { mode: 0o600 });
  const logged = await Deno.stat(paths.log).then((s) => s.size, () => 0);
  const process = spawnLeashed(options.binary, paths.config);
  const port = await awaitPort(directory, process);
  if (port === null) {
    await halt(process, paths.pid);
    throw new EmbeddedError(await whyNot(paths.log, logged, await process.complaint));
  }
  const exited = process.exited.then(close);
  return {
    url: `nats://${NATS_USER}:${password}@127.0.0.1:${port}`,
    port,
    password,
    pid: await readPid(paths.pid),
    exited,
    stop: async () => {
      await halt(process, paths.pid);
      await exited;
    },
  };
}

/** The server writes `nats-server_<pid>.ports` once it listens. Null when it died or took too long. */
async function awaitPort(directory: string, process: LeashedProcess): Promise<number | null> {
  let dead = false;
  process.exited.then(() => dead = true);
  for (let waited = 0; waited < START_MS && !dead; waited += 20) {
    for (const name of await portFiles(directory)) {
      const port = /"nats:\/\/[^"]*:(\d+)"/.exec(
        await Deno.readTextFile(`${directory}/${name}`).catch(() => ""),
      );
      if (port !== null) return Number(port[1]);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return null;
}

async function halt(process: LeashedProcess, pidFile: string): Promise<void> {
  await process.release();
  const killer = setTimeout(
    async () => {
      const pid = await readPid(pidFile);
      if (pid > 1) Deno.kill(pid, "SIGKILL");
    },
    STOP_MS,
  );
  await process.exited;
  clearTimeout(killer);
}

async function whyNot(log: string, from: number, complaint: string): Promise<string> {
  const text = (await Deno.readTextFile(log).catch(() => "")).slice(from) || complaint;
  const last = text.trim().split("\n").slice(-8).join("\n  ");
  return `nats-server did not start; it said:\n  ${last || "nothing"}`;
}

async function readPid(path: string): Promise<number> {
  return Number(await Deno.readTextFile(path).catch(() => "0"));
}

async function portFiles(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    if (name.endsWith(".ports")) names.push(name);
  }
  return names;
}

async function removePortFiles(directory: string): Promise<void> {
  for (const name of await portFiles(directory)) await Deno.remove(`${directory}/${name}`);
}
