/**
 * Whom a message from the world may be for: addresses that we gave to one copy, and the mailboxes
 * that every domain has (RFC 2142, RFC 5321 §4.5.1). Nobody else.
 */
import {
  accountHint,
  type CopyAddress,
  type KeyOf,
  readCopyAddress,
  returnPathDomain,
} from "@chappe/src/rules";
import type { LiveSettings, SettingsState } from "@chappe/src/settings";

export type Addressee =
  | { readonly kind: "copy"; readonly copy: CopyAddress }
  /** Read by those who run the installation. */
  | { readonly kind: "role" };

/** Null when the address is none of ours. */
export type AddresseeOf = (address: string) => Addressee | null;

const ROLES: ReadonlySet<string> = new Set(["postmaster", "abuse", "fbl"]);

/**
 * @param domain the installation's return-path domain, in any case; those of accounts, where DNS was
 * seen to lead to us, count for copies of their own account
 */
export function createAddressee(
  domain: string,
  settings: Pick<LiveSettings, "now">,
  keyOf: KeyOf,
): AddresseeOf {
  const own = domain.toLowerCase();
  const accountsOf = indexBy(settings, ({ accounts }) => accounts, (accounts) => {
    const byHint = Map.groupBy(accounts.keys(), accountHint);
    return (hint: number) => byHint.get(hint) ?? [];
  });
  const accountsAt = indexBy(settings, ({ domains }) => domains, (domains) => {
    const byDomain = verifiedReturnPaths(domains);
    return (host: string) => byDomain.get(host);
  });

  return (address) => {
    // The one address without a domain that every server takes (RFC 5321 §4.1.1.3).
    if (address.toLowerCase() === "postmaster") return { kind: "role" };
    const at = address.lastIndexOf("@");
    const host = address.slice(at + 1).toLowerCase();
    const accounts = at < 1 || host === own ? undefined : accountsAt()(host);
    if (at < 1 || (host !== own && accounts === undefined)) return null;
    const local = address.slice(0, at);
    if (ROLES.has(local.toLowerCase())) return { kind: "role" };
    const copy = readCopyAddress(local, keyOf, accountsOf());
    const known = copy !== null && (accounts === undefined || accounts.has(copy.account));
    return known ? { kind: "copy", copy } : null;
  };
}

/** What is made of one part of the settings, and made again when that part changed. */
function indexBy<P, I>(
  settings: Pick<LiveSettings, "now">,
  part: (state: SettingsState) => P,
  make: (part: P) => I,
): () => I {
  let seen: P | undefined;
  let index: I | undefined;
  return () => {
    const now = part(settings.now);
    if (index === undefined || now !== seen) index = make(seen = now);
    return index;
  };
}

/** Return-path domain → the accounts for which DNS was seen to lead from it to us. */
function verifiedReturnPaths(
  domains: SettingsState["domains"],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [account, own] of domains) {
    for (const { domain, returnPath } of own.values()) {
      const host = returnPathDomain(domain);
      if (returnPath) found.set(host, (found.get(host) ?? new Set()).add(account));
    }
  }
  return found;
}
