/** Networks whose clients need not log in, as Postfix knows them by `mynetworks`. */
import ipaddr from "ipaddr.js";

export interface TrustedNetwork {
  /** `192.0.2.0/24`, `2001:db8::/32`, or a single address. */
  cidr: string;
  /** Id of the account in whose name they send. */
  account: string;
}

/**
 * Gives a function from a client's address to the account it may send for, or `null`. The longest
 * prefix wins. @throws {TypeError} naming the network that cannot be read.
 */
export function trustedAccounts(
  networks: readonly TrustedNetwork[],
): (ip: string) => string | null {
  const ranges = networks.map(({ cidr, account }) => ({ range: parseRange(cidr), account }))
    .sort((a, b) => b.range[1] - a.range[1]);
  return (ip) => {
    if (ranges.length === 0) return null;
    const address = ipaddr.process(ip);
    const found = ranges.find(({ range }) =>
      range[0].kind() === address.kind() && address.match(range)
    );
    return found?.account ?? null;
  };
}

function parseRange(cidr: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    if (cidr.includes("/")) return ipaddr.parseCIDR(cidr);
    const address = ipaddr.parse(cidr);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  } catch (cause) {
    throw new TypeError(`trusted network ${cidr}: not an address or CIDR range`, { cause });
  }
}
