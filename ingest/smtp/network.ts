/** Which addresses belong to one client. */
import ipaddr from "ipaddr.js";

/** An IPv4 address itself; of IPv6 the /64, since a single customer has all of it (RFC 6177). */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === "ipv4") return address.toString();
  return address.toByteArray().slice(0, 8).map((byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
