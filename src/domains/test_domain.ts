/** For tests: a domain of an account with keys, and the zones in which it is set up as it should be. */
import {
  createDnsClient,
  type DnsClient,
  startTestDns,
  type TestDns,
  type Zone,
} from "../dns/mod.ts";
import type { DkimKey, Domain } from "../settings/mod.ts";
import { type Installation, recordsOf, returnTargets } from "./records.ts";

export const INSTALLATION: Installation = {
  hostname: "mta.relay.example",
  returnDomain: "bounces.relay.example",
  sources: ["192.0.2.25", "2001:db8::25"],
};

/** As long as an RSA key's, and unlike for each name. */
function publicKey(name: string): string {
  return `MIIB${name.replace(/[^A-Za-z0-9]/g, "")}`.padEnd(392, "x");
}

export function testDomain(over: Partial<Domain> = {}, selectors = ["chappe2", "chappe1"]): Domain {
  const domain = over.domain ?? "acme.example";
  return {
    account: "acme",
    domain,
    ed25519: false,
    keys: selectors.map((selector, i): DkimKey => ({
      domain,
      selector,
      algorithm: selector.endsWith("-ed") ? "ed25519-sha256" : "rsa-sha256",
      publicKey: publicKey(selector),
      privateKey: "sealed",
      createdAt: i,
    })),
    verifiedSelectors: new Set(),
    returnPath: false,
    checkedAt: null,
    ...over,
  };
}

/** All that `domain` needs: the sender's records, and ours behind them. */
export function zonesFor(domain: Domain, installation = INSTALLATION): Record<string, Zone> {
  const zones: Record<string, Zone> = {
    [installation.returnDomain]: { records: returnTargets(installation).map(record) },
  };
  for (const { name, type, value, targets, purpose } of recordsOf(domain, installation)) {
    zones[name] = { records: [{ type, value }] };
    if (purpose === "dkim") zones[value] = { records: targets.map(record) };
  }
  return zones;
}

type Rr = NonNullable<Zone["records"]>[number];

function record({ type, value }: { type: "TXT" | "MX"; value: string }): Rr {
  const [preference, host] = value.split(" ");
  return type === "TXT" ? { type, value } : { type, preference: Number(preference), value: host! };
}

/** A name server with those zones, which may be changed meanwhile, and a client that keeps nothing. */
export async function startZones(
  zones: Record<string, Zone>,
): Promise<TestDns & { client: DnsClient }> {
  const dns = await startTestDns(zones);
  const client = createDnsClient({
    servers: [dns.server],
    now: Date.now,
    timeoutMs: 500,
    rounds: 1,
    maxCached: 0,
  });
  return { ...dns, client };
}
