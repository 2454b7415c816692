/** Names of files in the data directory, and where downloads are kept. */
import { join } from "node:path";

export const MASTER_KEY = "master.key";
/** Private key and certificate of the sandbox. */
export const TLS_PEM = "tls.pem";
/** Folder of the embedded ClickHouse engine. */
export const CLICKHOUSE = "clickhouse";
/** Folder of hits that wait for the log. */
export const EDGE_SPILL = "edge";
/** URL of the embedded log with its password, for the command line of operators. */
export const NATS_URL_FILE = "nats.url";

/** Folder for the fetched nats-server (XDG base directories). */
export function natsCache(env: Readonly<Record<string, string>>): string {
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || ".", ".cache"), "chappe");
}
