/** Names under a sender's domain that lead to us. All names are lower-case A-labels. */

/** Domain of the return paths of mail from `domain`, so that SPF aligns (RFC 7489 §3.1.2). */
export function returnPathDomain(domain: string): string {
  return `chappe.${domain}`;
}

/** Where verifiers look for a key (RFC 6376 §3.6.2.1). */
export function dkimName(selector: string, domain: string): string {
  return `${selector}._domainkey.${domain}`;
}

/**
 * Where we publish a key, and the sender's {@link dkimName} is an alias for. It holds the account: a
 * domain that several claim belongs to whose name it leads to.
 *
 * @param hostname of the installation
 */
export function dkimTarget(
  { selector, account, domain }: { selector: string; account: string; domain: string },
  hostname: string,
): string {
  return `${selector}.${account}.${domain}.dkim.${hostname}`;
}
