/**
 * ClickHouse behind `@clickhouse/client`: a server by URL, or chDB, the same engine inside this
 * process, on a directory of its own.
 *
 * Two things differ in chDB and bind everybody who writes SQL for both:
 * - `clickhouse_settings` become `SET …;` before the query and stay set for the session, and the
 *   semicolon then makes the engine split the rest of the text, inserted data included, into
 *   statements. So settings stand in the SQL itself (`… SETTINGS name = value`).
 * - A client runs a few queries side by side (readers.ts), all else one after another, on a thread of
 *   its own. Clients of the same directory run side by side: open one for each job that must not wait
 *   for the others.
 */
import {
  type ClickHouseClient,
  type ClickHouseClientConfigOptions,
  ClickHouseLogLevel,
  createClient,
} from "@clickhouse/client";
import type { ChdbConnection } from "chdb/connection";
import { EmbeddedError } from "./errors.ts";
import { Readers } from "./readers.ts";

export type ClickHouseOptions =
  | {
    /** `http(s)://user:password@host:port`. */
    url: string;
  }
  | {
    /** Directory of the embedded engine, made when missing. One per process. */
    path: string;
    /** Most memory the embedded engine takes, bytes; a query beyond it fails. Default 2 GiB. */
    maxMemory?: number;
    /** Its users, as `users.xml` has them; without, only the one that everything here runs as. */
    users?: string;
    /** Further elements of its configuration, as `config.xml` has them: clusters, macros, … */
    config?: string;
  };

export type Embedded = Extract<ClickHouseOptions, { path: string }>;

const MIB = 2 ** 20;

/** Failures are thrown to the caller, who knows what they mean; the client need not print them too. */
export const QUIET = { level: ClickHouseLogLevel.OFF };

/** Caches and threads for one machine shared with a whole platform; the defaults assume a server alone. */
const SMALL_ENGINE: Readonly<Record<string, number>> = {
  mark_cache_size: 64 * MIB,
  primary_index_cache_size: 64 * MIB,
  index_mark_cache_size: 16 * MIB,
  query_condition_cache_size: 16 * MIB,
  compiled_expression_cache_size: 32 * MIB,
  background_pool_size: 2,
};

type Connection = NonNullable<ClickHouseClientConfigOptions["connection"]>;

/**
 * A client for the options. `client.ping({ select: true })` says whether queries are answered now
 * (never throws); `client.close()` also lets go of the embedded engine's directory.
 *
 * @throws {EmbeddedError} when the embedded engine cannot be had here, or its directory not opened.
 */
export async function openClickHouse(options: ClickHouseOptions): Promise<ClickHouseClient> {
  if ("url" in options) return createClient({ url: options.url, log: QUIET });
  const { Session, ChdbConnection } = await loadEngine();
  const { path } = options;
  const connectionArgs = engineArgs(options);

  /** The engine lives as long as this session; connections share it. */
  let engine: InstanceType<typeof Session>;
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    await writeConfig(options);
    engine = new Session(path, { connectionArgs });
  } catch (error) {
    throw new EmbeddedError(await whyNotOpened(path, error as Error), { cause: error });
  }
  const readers = new Readers(() => new ChdbConnection({ path }));
  class EmbeddedConnection extends ChdbConnection {
    override query(params: Parameters<Readers["query"]>[0]) {
      return readers.query(params);
    }
    override async close(): Promise<void> {
      await readers.close();
      await super.close();
      engine.close();
    }
  }
  const connection = new EmbeddedConnection({ path });
  // The types differ only in that each package declares them for itself.
  const same = connection as unknown as Connection;
  const client = createClient({ connection: same, log: QUIET });
  connections.set(client, connection);
  return client;
}

const connections = new WeakMap<ClickHouseClient, ChdbConnection>();

/** The embedded engine's own connection behind a client of it; null where there is a server. */
export function connectionOf(client: ClickHouseClient): ChdbConnection | null {
  return connections.get(client) ?? null;
}

/** What every connection to a directory says of the engine: the first one starts it by that. */
export function engineArgs({ path, maxMemory = 2048 * MIB, users, config }: Embedded): string[] {
  const settings = { ...SMALL_ENGINE, max_server_memory_usage: maxMemory };
  return [
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ...(users ?? config) === undefined ? [] : [`--config-file=${path}/${CONFIG}`],
  ];
}

const CONFIG = "chappe-config.xml";
const USERS = "chappe-users.xml";

/** The engine reads them from files, once, when it starts. */
async function writeConfig({ path, users, config = "" }: Embedded): Promise<void> {
  const write = (name: string, text: string) =>
    Deno.writeTextFile(`${path}/${name}`, text, { mode: 0o600 });
  let all = config;
  if (users !== undefined) {
    await write(USERS, users);
    all += `<users_config>${xml(`${path}/${USERS}`)}</users_config>`;
  }
  if (all !== "") await write(CONFIG, `<clickhouse>${all}</clickhouse>`);
}

const xml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Loads the engine's library (~600 MB on disk) only where it is used. */
export async function loadEngine() {
  try {
    const { Session } = await import("chdb");
    const { ChdbConnection } = await import("chdb/connection");
    return { Session, ChdbConnection };
  } catch (error) {
    throw new EmbeddedError(whyNotLoaded(error as Error), { cause: error });
  }
}

/** What to tell somebody for whose machine the engine's package is not there. */
export function whyNotLoaded(error: Error): string {
  return `the embedded ClickHouse engine cannot be loaded on ${Deno.build.os}/${Deno.build.arch} ` +
    `(${firstLine(error)}): it exists for Linux (glibc) and macOS, x64 and arm64. ` +
    "Run `deno install` again, or set CHAPPE_CLICKHOUSE_URL to a ClickHouse server";
}

async function whyNotOpened(path: string, error: Error): Promise<string> {
  if (/one active data directory/.test(error.message)) {
    return `the embedded ClickHouse engine takes one directory per process, so ${path} cannot be ` +
      "opened besides the one in use: close that one first";
  }
  if (await isLocked(`${path}/status`)) {
    return `the ClickHouse directory ${path} is in use by another process: stop that one first`;
  }
  return `the ClickHouse directory ${path} cannot be opened (${firstLine(error)})`;
}

/** The engine holds an flock(2) on its status file; it says so on standard error only. */
async function isLocked(file: string): Promise<boolean> {
  try {
    using status = await Deno.open(file, { write: true });
    return !await status.tryLock(true);
  } catch {
    return false;
  }
}

function firstLine(error: Error): string {
  return error.message.split("\n").at(-1)!.slice(0, 300);
}
