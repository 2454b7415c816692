/** Questions to the DNS that always get an answer, if only "nobody can say now". */
import {
  type DnsClient,
  DnsFormatError,
  DnsUnavailableError,
  type RecordType,
} from "../dns/mod.ts";

export type Found =
  /** For MX the hosts, best preference first. */
  | { readonly kind: "values"; readonly values: readonly string[] }
  /** Nothing of that type; `exists`: the name holds something else. */
  | { readonly kind: "none"; readonly exists: boolean }
  | { readonly kind: "unavailable"; readonly why: string };

export type Ask = (name: string, type: RecordType) => Promise<Found>;

/** @param late resolves when nobody waits any longer, with words for it. */
export function createAsk(dns: DnsClient, late: Promise<string>): Ask {
  const givenUp = late.then((why): Found => ({ kind: "unavailable", why }));
  return (name, type) => Promise.race([find(dns, name, type), givenUp]);
}

async function find(dns: DnsClient, name: string, type: RecordType): Promise<Found> {
  try {
    const answer = await dns.query(name, type);
    if (answer.kind !== "records") {
      return { kind: "none", exists: answer.kind === "no-such-record" };
    }
    const records = answer.records.toSorted((a, b) => a.preference - b.preference);
    return { kind: "values", values: records.map((record) => record.value) };
  } catch (error) {
    if (error instanceof DnsFormatError) return { kind: "none", exists: false };
    if (error instanceof DnsUnavailableError) return { kind: "unavailable", why: error.message };
    throw error;
  }
}
