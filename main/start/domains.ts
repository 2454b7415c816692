/** Checks of senders' domains from time to time; in one role, for the whole platform. */
import { createDnsClient, type DnsClient, readServer, systemServers } from "@chappe/src/dns";
import { watchDomains } from "@chappe/src/domains";
import type { Config } from "@chappe/src/runtime";
import { changeSettings, recordCheck } from "@chappe/src/settings";
import type { Running, Surroundings } from "../run.ts";

/** For checks: who has just put a record right wants to see it, so no answer is kept. */
export function checkingDns({ dns }: Config): DnsClient {
  return createDnsClient({
    servers: dns.length > 0 ? dns.map(readServer) : systemServers(),
    now: Date.now,
    maxCached: 0,
  });
}

/** The sandbox asks nobody's DNS, unless it is told whose. */
export function startDomainWatch(
  { config, station, settings, logger, signal }: Surroundings,
): Running {
  const asks = config.delivery.kind !== "sandbox" || config.dns.length > 0;
  const watching = asks
    ? watchDomains({
      settings,
      installation: config,
      dns: checkingDns(config),
      record: async (findings) => {
        // Nearly always nothing is new, which is known here without reading the log.
        if (recordCheck(settings.now, findings).length === 0) return;
        await changeSettings(station.events, (state) => recordCheck(state, findings), Date.now);
      },
      now: Date.now,
      logger,
      signal,
    })
    : Promise.resolve();
  return { health: () => Promise.resolve(null), stop: () => watching };
}
