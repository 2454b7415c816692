/** The domain of a mail address, as the DNS and the log want it. */
import { domainToASCII } from "node:url";
import { isAscii } from "../smtp/address.ts";

/**
 * What stands after the last `@`: lower-case A-labels (RFC 5890), or an address literal in
 * brackets as it is. Empty when there is none, or when it cannot be a domain.
 */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  if (at < 0) return "";
  const domain = address.slice(at + 1).replace(/\.$/, "");
  if (domain.startsWith("[")) return domain.toLowerCase();
  // The ASCII case is by far the most common, and the URL parser reads "1" as an address.
  return isAscii(domain) ? domain.toLowerCase() : domainToASCII(domain);
}
