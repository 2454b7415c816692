/** Decisions about the domains that an account says are its own, and their DKIM keys. */
import { accountOf } from "./accounts.ts";
import type { DkimKey, Domain } from "./domain_state.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { normaliseDomain } from "./names.ts";
import { RefusedError } from "./refused.ts";
import type { Vault } from "./secrets.ts";
import type { SettingsState } from "./state.ts";

export interface KeyPair {
  /** PKCS#8. */
  privateKeyPem: string;
  publicKeyBase64: string;
}

type Algorithm = DkimKey["algorithm"];

export interface KeyMaker {
  generate: (algorithm: Algorithm) => Promise<KeyPair>;
  vault: Vault;
}

/** The selectors of each algorithm: one signs, the other is there for rotation. */
export const SELECTORS: Readonly<Record<Algorithm, readonly [string, string]>> = {
  "rsa-sha256": ["chappe1", "chappe2"],
  "ed25519-sha256": ["chappe1-ed", "chappe2-ed"],
};

/** Mail signed with a key may be verified for as long after it was last used, ms. */
const SETTLE = 7 * 24 * 3600 * 1000;

/** The longest name that still leaves room for ours in the targets of its records. */
const MAX_DOMAIN = 150;

/**
 * Adds a domain with a key for each selector, the one to sign with last. For a domain that is there
 * already: its Ed25519 keys when they are wanted now and were not before. @throws {RefusedError}
 */
export async function addDomain(
  state: SettingsState,
  input: { account: string; domain: string; ed25519: boolean } & KeyMaker,
): Promise<SettingsFact[]> {
  const { account, ed25519 } = input;
  accountOf(state, account);
  const domain = normaliseDomain(input.domain);
  if (domain.length > MAX_DOMAIN) {
    throw new RefusedError("invalid", `a domain may have ${MAX_DOMAIN} characters at the most`);
  }
  const before = state.domains.get(account)?.get(domain);
  const wanted: Algorithm[] = ed25519 ? ["rsa-sha256", "ed25519-sha256"] : ["rsa-sha256"];
  const missing = wanted.filter((a) => !before?.keys.some((key) => key.algorithm === a));
  const known = before !== undefined && (before.ed25519 || !ed25519);
  const facts = known ? [] : [fact("settings.domain-added", account, { domain, ed25519 })];
  for (const algorithm of missing) {
    for (const selector of SELECTORS[algorithm].toReversed()) {
      facts.push(await newKey({ account, domain, selector, algorithm }, input));
    }
  }
  return facts;
}

/** Its keys are gone with it; authorised senders stay. @throws {RefusedError} */
export function removeDomain(
  state: SettingsState,
  { account, domain }: { account: string; domain: string },
): SettingsFact[] {
  return [fact("settings.domain-removed", account, {
    domain: domainOf(state, account, domain).domain,
  })];
}

/**
 * A new key of each algorithm in the place of the older one; the newer one goes on signing until a
 * check has found the new one. @throws {RefusedError} also while mail signed with the older key may
 * still be on its way, or while DNS does not lead to the newer one.
 */
export async function rotateKey(
  state: SettingsState,
  input: { account: string; domain: string; now: number } & KeyMaker,
): Promise<SettingsFact[]> {
  const { account, now } = input;
  const own = domainOf(state, account, input.domain);
  const facts: SettingsFact[] = [];
  for (const algorithm of ["rsa-sha256", "ed25519-sha256"] as const) {
    const [newest, older] = own.keys.filter((key) => key.algorithm === algorithm).toReversed();
    if (newest === undefined) continue;
    if (older !== undefined) mayReplace(own, older, newest, now);
    const selector = SELECTORS[algorithm].find((s) => s !== newest.selector)!;
    facts.push(await newKey({ account, domain: own.domain, selector, algorithm }, input));
  }
  return facts;
}

function mayReplace(own: Domain, older: DkimKey, newest: DkimKey, now: number): void {
  if (!own.verifiedSelectors.has(older.selector)) return;
  if (!own.verifiedSelectors.has(newest.selector)) {
    throw new RefusedError(
      "forbidden",
      `${own.domain} signs with ${older.selector}, because DNS does not lead to the newer key ` +
        `of ${newest.selector} yet: publish that one and check the domain, then rotate`,
    );
  }
  // Keys of one moment came with the domain: the first of them never signed while the last one did.
  const until = newest.createdAt + SETTLE;
  if (older.createdAt < newest.createdAt && now < until) {
    throw new RefusedError(
      "forbidden",
      `mail signed with ${older.selector} of ${own.domain} may still be on its way: ` +
        `rotate after ${new Date(until).toISOString()}`,
    );
  }
}

export interface DomainFindings {
  account: string;
  domain: string;
  /** The keys that DNS leads to, as they were when it was asked. */
  keys: readonly Pick<DkimKey, "selector" | "publicKey">[];
  /** Whether the return path's name leads to us. */
  returnPath: boolean;
}

/**
 * What a check of the domain's DNS found, where that differs from what is known. A key that was
 * replaced meanwhile does not count. Nothing for a domain that is gone.
 */
export function recordCheck(
  state: SettingsState,
  { account, domain, keys, returnPath }: DomainFindings,
): SettingsFact[] {
  const own = state.domains.get(account)?.get(normaliseDomain(domain));
  if (own === undefined) return [];
  const selectors = keys
    .filter(({ selector, publicKey }) =>
      own.keys.some((key) => key.selector === selector && key.publicKey === publicKey)
    )
    .map((key) => key.selector)
    .sort();
  const same = own.checkedAt !== null && own.returnPath === returnPath &&
    [...own.verifiedSelectors].sort().join() === selectors.join();
  return same ? [] : [
    fact("settings.domain-checked", account, { domain: own.domain, selectors, returnPath }),
  ];
}

/** @throws {RefusedError} when the account has none of that name. */
export function domainOf(state: SettingsState, account: string, domain: string): Domain {
  accountOf(state, account);
  const name = normaliseDomain(domain);
  const own = state.domains.get(account)?.get(name);
  if (own === undefined) {
    throw new RefusedError("unknown", `account "${account}" has no domain "${name}"`);
  }
  return own;
}

/** A fresh key under that selector. */
export async function newKey(
  key: { account: string; domain: string; selector: string; algorithm: Algorithm },
  { generate, vault }: KeyMaker,
): Promise<SettingsFact> {
  const { account, domain, selector, algorithm } = key;
  const pair = await generate(algorithm);
  return fact("settings.dkim-key-created", account, {
    domain,
    selector,
    algorithm,
    publicKey: pair.publicKeyBase64,
    privateKey: vault.seal(new TextEncoder().encode(pair.privateKeyPem)),
  });
}
