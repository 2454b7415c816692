/** IP addresses in the one spelling that settings and counters know. */
import ipaddr from "ipaddr.js";
import { RefusedError } from "../settings/mod.ts";

/** Nothing can be sent from such an address. */
const USELESS = new Set(["unspecified", "broadcast", "multicast"]);

/** Dotted decimal, or RFC 5952; IPv4 in IPv6 (RFC 4291 §2.5.5.2) is IPv4. @throws {RefusedError} */
export function normaliseIp(text: string): string {
  const given = text.trim();
  // Without zone ids (RFC 4007), and without the octal and short forms of inet_aton.
  const isIp = ipaddr.IPv4.isValidFourPartDecimal(given) ||
    (ipaddr.IPv6.isValid(given) && !given.includes("%"));
  if (!isIp) throw new RefusedError("invalid", `"${text}" is not an IP address`);
  const address = ipaddr.process(given);
  if (USELESS.has(address.range())) {
    throw new RefusedError("invalid", `nothing can be sent from ${text}`);
  }
  return address.toString();
}
