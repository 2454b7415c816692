/** Which servers a copy goes to. */
import { isIP } from "node:net";
import type { MailHosts, MxResolver, NoRoute } from "./mx.ts";

export type Mode =
  /** Everything to one server: the sandbox's, or a relay. A name is looked up by the system. */
  | { readonly kind: "sandbox" | "relay"; readonly host: string; readonly port: number }
  /** To the servers of each recipient's domain. `port` is 25 in the real world. */
  | { readonly kind: "internet"; readonly port: number };

/** A set of servers that are one and the same to the sender, whichever domains they serve. */
export interface Target {
  /** The same for all domains with the same servers, so that they share connections. */
  readonly key: string;
  readonly hosts: MailHosts;
  /** Hosts of the domain's MX, best first; none where everything goes to one server. */
  readonly mx: readonly string[];
  readonly port: number;
  addresses(host: string, source: string | null): Promise<readonly string[] | NoRoute>;
}

/** Finds the target for a domain (A-labels, or an address literal). */
export function createTargets(
  mode: Mode,
  resolver: MxResolver,
): (domain: string) => Promise<Target | NoRoute> {
  if (mode.kind !== "internet") {
    const { host, port } = mode;
    const target = {
      key: `${host}:${port}`,
      hosts: { groups: [[host]] },
      mx: [],
      port,
      addresses: () => Promise.resolve([host]),
    };
    return () => Promise.resolve(target);
  }
  return async (domain) => {
    if (domain === "") return { enhanced: "5.1.3", error: "the recipient's address has no domain" };
    const hosts = await resolver.hosts(domain);
    if ("error" in hosts) return hosts;
    return {
      key: `${hosts.groups.map((group) => group.join(",")).join(";")}:${mode.port}`,
      hosts,
      mx: hosts.groups.flat(),
      port: mode.port,
      addresses: (host, source) =>
        resolver.addresses(host, source === null ? null : family(source)),
    };
  };
}

function family(address: string): 4 | 6 {
  return isIP(address) === 6 ? 6 : 4;
}
