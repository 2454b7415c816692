/** Reads the platform's own secrets where the configuration, or the supervisor, put them. */
import { join } from "node:path";
import { parseMasterKey } from "@chappe/src/settings";
import type { Config } from "@chappe/src/runtime";
import { MASTER_KEY, TLS_CERT, TLS_KEY } from "./places.ts";

export async function readMasterKey(config: Config): Promise<Uint8Array> {
  if (config.masterKey !== null) return parseMasterKey(config.masterKey);
  return await Deno.readFile(join(config.data, MASTER_KEY));
}

/** Certificate chain and private key, PEM. */
export async function readTls(config: Config): Promise<{ cert: string; key: string }> {
  const paths = config.tls ??
    { cert: join(config.data, TLS_CERT), key: join(config.data, TLS_KEY) };
  return { cert: await Deno.readTextFile(paths.cert), key: await Deno.readTextFile(paths.key) };
}
