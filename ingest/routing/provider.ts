/** Rolls domains up to those who run their servers: mail is paced, queued and counted by provider. */
import { getDomain } from "tldts";
import { PROVIDERS } from "./provider_data.ts";

const BY_DOMAIN = new Map(
  Object.entries(PROVIDERS).flatMap(([name, { domains }]) => domains.map((d) => [d, name])),
);
const BY_MX = new Map(
  Object.entries(PROVIDERS).flatMap(([name, { mx }]) => mx.map((suffix) => [suffix, name])),
);

/**
 * The provider of a domain (lower-case A-labels), told from the hosts of its MX, best first, where one
 * of them is known. Others are named after the domain of the best host, or after the domain itself, as
 * a token `[a-z0-9_-]+` that can name a lane.
 */
export function provider(domain: string, hosts: readonly string[] = []): string {
  for (const host of hosts) {
    for (let name = host; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
      const found = BY_MX.get(name);
      if (found !== undefined) return found;
      if (!name.includes(".")) break;
    }
  }
  const known = BY_DOMAIN.get(domain);
  if (known !== undefined) return known;
  const owner = hosts[0] === undefined ? null : getDomain(hosts[0]);
  return (owner ?? domain).replace(/[^a-z0-9-]/g, "_") || "none";
}
