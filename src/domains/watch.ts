/**
 * Checks all domains from time to time, so that a record put right is used without anybody asking,
 * and one taken away no longer is. Several may watch: what is known already is not recorded again.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { DnsClient } from "../dns/mod.ts";
import { type Logger, messageOf } from "../runtime/mod.ts";
import { type Domain, type DomainFindings, type LiveSettings, PLATFORM } from "../settings/mod.ts";
import { checkDomain } from "./check.ts";
import { conclude, type Doubts } from "./conclude.ts";
import type { Installation } from "./records.ts";
import { nextCheckAt } from "./schedule.ts";

/** Between two looks at which domains are due. */
const TICK_MS = 30_000;
/** Domains checked at a time. */
const AT_ONCE = 8;

export interface WatchOptions {
  settings: Pick<LiveSettings, "now">;
  installation: Installation;
  dns: DnsClient;
  /** Records what was found, where it differs from what is known. */
  record: (findings: DomainFindings) => Promise<void>;
  now: () => number;
  logger: Logger;
  signal: AbortSignal;
  tickMs?: number;
}

/** Resolves when `signal` aborts. What goes wrong is tried again at the next look. */
export async function watchDomains(options: WatchOptions): Promise<void> {
  const { settings, installation, dns, record, now, logger, signal } = options;
  let seen = new Map<string, { at: number; doubts: Doubts }>();

  async function look(domain: Domain, id: string): Promise<void> {
    try {
      const check = await checkDomain({ domain, installation, dns });
      const { findings, doubts } = conclude(
        domain,
        check,
        seen.get(id)?.doubts ?? new Map(),
        now(),
      );
      await record(findings);
      seen.set(id, { at: now(), doubts });
    } catch (error) {
      logger.warn("domains.unchecked", { domain: domain.domain, error: messageOf(error) });
    }
  }

  while (!signal.aborted) {
    const all = [...settings.now.domains]
      .filter(([account]) => account !== PLATFORM)
      .flatMap(([account, domains]) =>
        [...domains.values()].map((domain) => ({ id: `${account} ${domain.domain}`, domain }))
      );
    const ids = new Set(all.map(({ id }) => id));
    seen = new Map([...seen].filter(([id]) => ids.has(id)));
    const due = all.filter(({ id, domain }) =>
      nextCheckAt(domain, seen.get(id)?.at ?? null) <= now()
    ).values();
    const worker = async () => {
      for (const { id, domain } of due) {
        if (signal.aborted) return;
        await look(domain, id);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await pause(options.tickMs ?? TICK_MS, undefined, { signal }).catch(() => {});
  }
}
