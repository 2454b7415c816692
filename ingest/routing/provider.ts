/** Rolls domains up to those who run their servers: mail is paced, queued and counted by provider. */
import { PROVIDERS } from "./provider_data.ts";

const BY_DOMAIN = new Map(
  Object.entries(PROVIDERS).flatMap(([name, { domains }]) => domains.map((d) => [d, name])),
);
const BY_MX = new Map(
  Object.entries(PROVIDERS).flatMap(([name, { mx }]) => mx.map((suffix) => [suffix, name])),
);

/**
 * The provider of a domain (lower-case A-labels), told from the host of its MX where it is known.
 * Domains of no known provider are their own, as a token `[a-z0-9_-]+` that can name a lane.
 */
export function provider(domain: string, mx: string | null = null): string {
  if (mx !== null) {
    for (let name = mx; name !== ""; name = name.slice(name.indexOf(".") + 1)) {
      const found = BY_MX.get(name);
      if (found !== undefined) return found;
      if (!name.includes(".")) break;
    }
  }
  return BY_DOMAIN.get(domain) ?? (domain.replace(/[^a-z0-9-]/g, "_") || "none");
}
