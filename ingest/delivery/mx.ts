/** Which hosts take mail for a domain (RFC 5321 §5.1, RFC 7505), and at which addresses. */
import { isIP, isIPv6 } from "node:net";
import { messageOf } from "@chappe/src/runtime";
import {
  type DnsAnswer,
  type DnsClient,
  DnsFormatError,
  DnsUnavailableError,
} from "@chappe/src/dns";

/** Nothing to connect to. `enhanced` is an RFC 3463 code: 5.y.z when asking again is of no use. */
export interface NoRoute {
  readonly enhanced: string;
  readonly error: string;
}

export interface MailHosts {
  /** Host names (or an IP address, for an address literal), best preference first, equals together. */
  readonly groups: readonly (readonly string[])[];
}

export interface MxResolver {
  /** @param domain of a mail address: A-labels, lower case, or an address literal in brackets. */
  hosts(domain: string): Promise<MailHosts | NoRoute>;
  /** Addresses of a host; IPv4 first, for hosts that cannot reach IPv6. */
  addresses(host: string, family: 4 | 6 | null): Promise<readonly string[] | NoRoute>;
}

export function createMxResolver(dns: DnsClient): MxResolver {
  return {
    async hosts(domain) {
      if (domain.startsWith("[")) return literal(domain);
      const answer = await asked(() => dns.query(domain, "MX"));
      if ("error" in answer) return answer;
      if (answer.kind === "no-such-name") {
        return { enhanced: "5.1.2", error: `domain ${domain} does not exist` };
      }
      // No MX: the domain itself is the host ("implicit MX").
      if (answer.kind === "no-such-record") return { groups: [[domain]] };
      const usable = answer.records.filter((r) => r.value !== "");
      if (usable.length === 0) {
        return { enhanced: "5.1.10", error: `domain ${domain} accepts no mail (null MX)` };
      }
      const byPreference = Map.groupBy(usable, (r) => r.preference);
      const groups = [...byPreference].sort(([a], [b]) => a - b)
        .map(([, records]) => [...new Set(records.map((r) => r.value))].sort());
      return { groups };
    },

    async addresses(host, family) {
      if (isIP(host) !== 0) return [host];
      const wanted = family === 4 ? ["A"] as const : family === 6 ? ["AAAA"] as const : BOTH;
      const answers = await Promise.all(wanted.map((type) => asked(() => dns.query(host, type))));
      const found = answers.flatMap((a) =>
        "kind" in a && a.kind === "records" ? a.records.map((r) => r.value) : []
      );
      if (found.length > 0) return found;
      const failure = answers.find((a) => "error" in a);
      if (failure !== undefined && "error" in failure) return failure;
      return { enhanced: "5.4.4", error: `host ${host} has no address` };
    },
  };
}

const BOTH = ["A", "AAAA"] as const;

async function asked(query: () => Promise<DnsAnswer>): Promise<DnsAnswer | NoRoute> {
  try {
    return await query();
  } catch (error) {
    if (error instanceof DnsFormatError) return { enhanced: "5.1.2", error: messageOf(error) };
    if (error instanceof DnsUnavailableError) return { enhanced: "4.4.3", error: messageOf(error) };
    throw error;
  }
}

/** `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3). */
function literal(domain: string): MailHosts | NoRoute {
  const inner = /^\[(?:IPv6:([0-9a-f:.]+)|([0-9.]+))\]$/i.exec(domain);
  const address = inner?.[1] ?? inner?.[2] ?? "";
  if (isIP(address) === 0 || (inner?.[1] !== undefined) !== isIPv6(address)) {
    return { enhanced: "5.1.3", error: `not an address literal: ${domain}` };
  }
  return { groups: [[address]] };
}

/** The order in which one sender tries the hosts: by preference, equals at random (§5.1). */
export function shuffled(
  groups: MailHosts["groups"],
  /** In [0, 1). */
  random: () => number,
): string[] {
  return groups.flatMap((group) => {
    const order = [...group];
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  });
}
