/** Reads the platform's own secrets where the configuration, or the supervisor, put them. */
import { join } from "node:path";
import { parseMasterKey } from "@chappe/src/settings";
import type { Config } from "@chappe/src/runtime";
import { MASTER_KEY, TLS_PEM } from "./places.ts";

export async function readMasterKey(config: Config): Promise<Uint8Array> {
  if (config.masterKey !== null) return parseMasterKey(config.masterKey);
  return await Deno.readFile(join(config.data, MASTER_KEY));
}

/** Certificate chain and private key, PEM. */
export async function readTls(config: Config): Promise<{ cert: string; key: string }> {
  const own = join(config.data, TLS_PEM);
  const { cert, key } = config.tls ?? { cert: own, key: own };
  return { cert: await Deno.readTextFile(cert), key: await Deno.readTextFile(key) };
}
