/** What is known of a domain that an account says is its own: a fold, as state.ts. */
import type { EventData } from "../events/mod.ts";

/** `privateKey` is sealed. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  readonly publicKey: string;
  readonly privateKey: string;
  /** ms UTC. */
  readonly createdAt: number;
}

export interface Domain {
  readonly account: string;
  /** Lower-case A-labels. */
  readonly domain: string;
  /** Whether it signs with Ed25519 too (RFC 8463). */
  readonly ed25519: boolean;
  /** One for each selector, newest last. */
  readonly keys: readonly DkimKey[];
  /** Selectors that led to the key above when DNS was last asked. */
  readonly verifiedSelectors: ReadonlySet<string>;
  /** Whether the return path's name led to us. */
  readonly returnPath: boolean;
  /** When what is known last changed, ms UTC; null before the first answer. */
  readonly checkedAt: number | null;
}

function fresh(account: string, domain: string): Domain {
  return {
    account,
    domain: domain.toLowerCase(),
    ed25519: false,
    keys: [],
    verifiedSelectors: new Set(),
    returnPath: false,
    checkedAt: null,
  };
}

export function addDomain(
  before: Domain | undefined,
  account: string,
  { domain, ed25519 }: EventData<"settings.domain-added">,
): Domain {
  return { ...before ?? fresh(account, domain), ed25519 };
}

/** A new key takes the place of the one with its selector, and DNS has yet to lead to it. */
export function addKey(
  before: Domain | undefined,
  account: string,
  data: EventData<"settings.dkim-key-created">,
  createdAt: number,
): Domain {
  const domain = before ?? fresh(account, data.domain);
  const { selector } = data;
  const verified = new Set(domain.verifiedSelectors);
  verified.delete(selector);
  return {
    ...domain,
    keys: [
      ...domain.keys.filter((key) => key.selector !== selector),
      { ...data, domain: domain.domain, createdAt },
    ],
    verifiedSelectors: verified,
  };
}

export function checkDomain(
  before: Domain | undefined,
  { selectors, returnPath }: EventData<"settings.domain-checked">,
  checkedAt: number,
): Domain | undefined {
  return before === undefined
    ? undefined
    : { ...before, verifiedSelectors: new Set(selectors), returnPath, checkedAt };
}
