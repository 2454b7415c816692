/**
 * A small stub resolver. The runtime's own (`Deno.resolveDns`, `node:dns`) was tried and does not
 * do: it reports SERVFAIL, REFUSED, "no such name" and "no such record" all as "not found", so that
 * a broken name server would bounce mail for good; nor does it tell how long an answer holds.
 */
import { createTtlCache } from "./cache.ts";
import { DnsUnavailableError } from "./error.ts";
import { exchange, type Server } from "./exchange.ts";
import { createSlots } from "./slots.ts";
import { RCODE, type RecordType, type ResourceRecord, type Response, TYPE } from "./message.ts";

/** What the DNS says: records, or that the name does not exist, or that it has none of the type. */
export type DnsAnswer =
  | { readonly kind: "records"; readonly records: readonly ResourceRecord[] }
  | { readonly kind: "no-such-name" }
  | { readonly kind: "no-such-record" };

export interface DnsClient {
  /**
   * Follows aliases, but for `CNAME`, which asks for the alias itself.
   * @throws {DnsUnavailableError} when nobody can say now. @throws {DnsFormatError} for a `name` that is none.
   */
  query(name: string, type: RecordType): Promise<DnsAnswer>;
}

/** Questions under way at a time: each takes a socket. */
const MAX_AT_ONCE = 64;
/** Aliases followed in one question, at the most. */
const MAX_ALIASES = 8;
/** An answer is kept this long at least and at most, whatever its TTL, ms. */
const POSITIVE = { min: 30_000, max: 3_600_000 };
/** As above, for "there is none" (RFC 2308). */
const NEGATIVE = { min: 30_000, max: 300_000, unknown: 60_000 };

export function createDnsClient(
  { servers, now, timeoutMs = 3_000, rounds = 2, maxCached = 10_000 }: {
    /** In the order in which they are asked; the next when one gives no answer. */
    servers: readonly Server[];
    now: () => number;
    /** For one server to answer one question. */
    timeoutMs?: number;
    rounds?: number;
    /** Answers kept; with 0 each question is asked anew. */
    maxCached?: number;
  },
): DnsClient {
  const cache = createTtlCache<DnsAnswer>({ max: maxCached, now });
  const slot = createSlots(MAX_AT_ONCE);
  const underWay = new Map<string, Promise<DnsAnswer>>();

  async function ask(name: string, type: RecordType): Promise<Response> {
    let failure: unknown = new DnsUnavailableError("no name server to ask");
    for (let i = 0; i < rounds * servers.length; i++) {
      const server = servers[i % servers.length]!;
      try {
        const response = await exchange(server, name, type, timeoutMs);
        if (response.rcode === RCODE.NOERROR || response.rcode === RCODE.NXDOMAIN) return response;
        failure = new DnsUnavailableError(
          `name server ${server.host}:${server.port}: response code ${response.rcode} for ${name}`,
        );
      } catch (error) {
        if (!(error instanceof DnsUnavailableError)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  async function resolve(name: string, type: RecordType, key: string): Promise<DnsAnswer> {
    let wanted = name.replace(/\.$/, "").toLowerCase();
    let ttl = Infinity;
    for (let aliases = 0; aliases <= MAX_ALIASES;) {
      const response = await ask(wanted, type);
      const before = wanted;
      for (
        let alias;
        type !== "CNAME" && (alias = aliasOf(response, wanted)) !== undefined &&
        aliases <= MAX_ALIASES;
      ) {
        wanted = alias.value;
        ttl = Math.min(ttl, alias.ttl);
        aliases++;
      }
      const records = response.answers.filter((r) => r.name === wanted && r.type === TYPE[type]);
      if (records.length > 0) {
        ttl = Math.min(ttl, ...records.map((r) => r.ttl));
        cache.set(key, { kind: "records", records }, clamp(ttl * 1000, POSITIVE));
        return { kind: "records", records };
      }
      // The server followed no further than this: ask for the alias's own name.
      if (wanted !== before && response.rcode === RCODE.NOERROR && !hasSoa(response)) continue;
      const kind = response.rcode === RCODE.NXDOMAIN ? "no-such-name" : "no-such-record";
      cache.set(key, { kind }, negativeTtl(response));
      return { kind };
    }
    throw new DnsUnavailableError(`too many aliases from ${name}`);
  }

  return {
    query(name, type) {
      const key = `${type} ${name.toLowerCase()}`;
      const known = cache.get(key);
      if (known !== undefined) return Promise.resolve(known);
      let asking = underWay.get(key);
      if (asking === undefined) {
        asking = slot(() => resolve(name, type, key)).finally(() => underWay.delete(key));
        underWay.set(key, asking);
      }
      return asking;
    },
  };
}

function aliasOf(response: Response, name: string): ResourceRecord | undefined {
  return response.answers.find((r) => r.type === TYPE.CNAME && r.name === name);
}
function hasSoa(response: Response): boolean {
  return response.authority.some((r) => r.type === TYPE.SOA);
}
/** RFC 2308 §5: the lesser of the SOA's own TTL and its minimum. */
function negativeTtl(response: Response): number {
  const soa = response.authority.find((r) => r.type === TYPE.SOA);
  if (soa === undefined) return NEGATIVE.unknown;
  return clamp(Math.min(soa.ttl, soa.minimum) * 1000, NEGATIVE);
}
function clamp(value: number, { min, max }: { min: number; max: number }): number {
  return Math.min(Math.max(value, min), max);
}
