/** Which of an account's domains speaks for a From address. */
import type { Domain, SettingsState } from "@chappe/src/settings";

/**
 * The From domain itself or its closest parent among the account's domains, of those that `fits`
 * takes: with relaxed alignment a parent's key and return path align as well (RFC 7489 §3.1).
 *
 * @param from A-labels, lower case
 */
export function ownDomain(
  state: Pick<SettingsState, "domains">,
  account: string,
  from: string,
  fits: (domain: Domain) => boolean,
): Domain | undefined {
  const own = state.domains.get(account);
  if (own === undefined) return undefined;
  const labels = from.split(".");
  for (let i = 0; i < labels.length; i++) {
    const domain = own.get(labels.slice(i).join("."));
    if (domain !== undefined && fits(domain)) return domain;
  }
  return undefined;
}

/**
 * Whether the account may have return paths there. The name leads to us for all accounts that claim
 * the domain; whose it is, the keys say.
 */
export function speaksFor({ returnPath, verifiedSelectors }: Domain): boolean {
  return returnPath && verifiedSelectors.size > 0;
}
