/** Which name servers to ask. */
import { isIP } from "node:net";
import { getServers } from "node:dns";
import type { Server } from "./exchange.ts";

/**
 * Reads `address`, `address:port` or `[IPv6 address]:port`; port 53 unless given.
 * @throws {TypeError} with the text, when it is none of them.
 */
export function readServer(text: string): Server {
  const found = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const host = found?.[1] ?? found?.[2] ?? text;
  const port = Number(found?.[3] ?? 53);
  if (isIP(host) === 0 || port < 1 || port > 65535) {
    throw new TypeError(`not the address of a name server: ${text}`);
  }
  return { host, port };
}

/** The ones this system uses. */
export function systemServers(): Server[] {
  return getServers().map(readServer);
}
