/** What the DNS says of a domain now, record by record. */
import type { DnsClient } from "../dns/mod.ts";
import type { Domain } from "../settings/mod.ts";
import { type Ask, createAsk } from "./ask.ts";
import { checkDkim } from "./check_dkim.ts";
import { checkDmarc } from "./check_dmarc.ts";
import { checkReturnPath } from "./check_return_path.ts";
import { type DnsRecord, type Installation, recordsOf } from "./records.ts";
import type { Verdict } from "./verdict.ts";

export type CheckedRecord = DnsRecord & Verdict;

export interface DomainCheck {
  /** Selectors that lead to our keys; where nobody can say now, as it was known. */
  readonly selectors: readonly string[];
  /** Whether return paths lead to us; as above. */
  readonly returnPath: boolean;
  /** In the order of {@link recordsOf}. */
  readonly records: readonly CheckedRecord[];
}

/** A person waits for it, or a check of all domains does. */
const PATIENCE_MS = 5_000;

/**
 * Asks for all records of `domain` at once. Never throws for trouble with the DNS: what nobody can
 * say within `patienceMs` is `unavailable`.
 *
 * @param dns one that keeps no answers (`maxCached: 0`) sees a change as soon as it is made
 */
export async function checkDomain(
  { domain, installation, dns, patienceMs = PATIENCE_MS }: {
    domain: Domain;
    installation: Installation;
    dns: DnsClient;
    patienceMs?: number;
  },
): Promise<DomainCheck> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(`no answer within ${patienceMs} ms`), patienceMs);
  const ask = createAsk(dns, late.promise);
  try {
    const records = await Promise.all(
      recordsOf(domain, installation).map(async (record): Promise<CheckedRecord> => ({
        ...record,
        ...await checkRecord(record, domain, installation, ask),
      })),
    );
    const holds = (record: CheckedRecord, known: boolean) =>
      record.status === "ok" || record.status === "unavailable" && known;
    return {
      selectors: records
        .filter((r) => r.selector !== null && holds(r, domain.verifiedSelectors.has(r.selector)))
        .map((r) => r.selector!),
      returnPath: records.some((r) => r.purpose === "return-path" && holds(r, domain.returnPath)),
      records,
    };
  } finally {
    clearTimeout(timer);
  }
}

async function checkRecord(
  record: DnsRecord,
  domain: Domain,
  installation: Installation,
  ask: Ask,
): Promise<Verdict> {
  switch (record.purpose) {
    case "return-path":
      return await checkReturnPath(record, domain, installation, ask);
    case "dmarc":
      return await checkDmarc(record, domain.domain, ask);
    case "dkim": {
      const key = domain.keys.find((k) => k.selector === record.selector)!;
      return await checkDkim(record, key, ask);
    }
  }
}
