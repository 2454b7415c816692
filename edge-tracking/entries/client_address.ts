/** Who asks, when proxies stand between: X-Forwarded-For is believed only from proxies we trust. */
import ipaddr from "ipaddr.js";

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * The client's address from the connection's and the header: each entry is believed as far as the
 * one to its right is a trusted proxy (RFC 7239 §8.1 says why no further).
 * @param trusted networks in CIDR form, e.g. "10.0.0.0/8". @throws {TypeError} when one is none
 */
export function clientAddress(
  trusted: readonly string[],
): (peer: string, forwardedFor: string | null) => string {
  const ranges = trusted.map(parseRange);

  const isTrusted = (address: string): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    return ranges.some(([net, bits]) => net.kind() === ip.kind() && ip.match(net, bits));
  };
  return (peer, forwardedFor) => {
    const hops = forwardedFor === null ? [] : forwardedFor.split(",").map((hop) => hop.trim());
    let client = peer;
    while (hops.length > 0 && isTrusted(client)) client = hops.pop()!;
    return client;
  };
}

function parseRange(cidr: string): Range {
  if (!ipaddr.isValidCIDR(cidr)) throw new TypeError(`not a network in CIDR form: ${cidr}`);
  return ipaddr.parseCIDR(cidr);
}
