/** What must stand in the settings: the platform's own keys, and the sandbox's demo account. */
import { PLATFORM } from "./accounts.ts";
import { digestApiKey } from "./api_keys.ts";
import { createAccount } from "./create_account.ts";
import { addDomain, domainOf, type KeyMaker, newKey, recordCheck } from "./domains.ts";
import { type SettingsFact, supposing } from "./fact.ts";
import type { SettingsState } from "./state.ts";
import { rotateTokenKey } from "./token_keys.ts";

/** The first token key, and the DKIM key for mail whose From domain has none. */
export async function platformKeys(
  state: SettingsState,
  { domain, random, ...maker }: KeyMaker & {
    domain: string;
    random: (bytes: number) => Uint8Array;
  },
): Promise<SettingsFact[]> {
  const facts: SettingsFact[] = [];
  if (state.tokenKeys.size === 0) {
    facts.push(...rotateTokenKey(state, { vault: maker.vault, random }));
  }
  if (!state.domains.get(PLATFORM)?.has(domain)) {
    const key = {
      account: PLATFORM,
      domain,
      selector: "chappe1",
      algorithm: "rsa-sha256",
    } as const;
    facts.push(await newKey(key, maker));
  }
  return facts;
}

/**
 * The demo account of the sandbox (login `demo`, password `demo`, API key `demo-key`, console user
 * `demo@example.com`), with the domain example.com. Nothing when it is there already.
 */
export async function demoAccount(
  state: SettingsState,
  { hash, ...maker }: KeyMaker & { hash: string },
): Promise<SettingsFact[]> {
  if (state.accounts.has("demo")) return [];
  const facts = createAccount(state, {
    id: "demo",
    name: "Demo",
    senders: ["example.com"],
    smtp: { login: "demo", hash },
    apiKey: { key: "demo", name: "demo", digest: digestApiKey("demo-key") },
    user: { email: "demo@example.com", name: "Demo", hash },
  });
  const own = { account: "demo", domain: "example.com" };
  facts.push(
    ...await addDomain(supposing(state, facts), { ...own, ed25519: false, ...maker }),
  );
  const so = supposing(state, facts);
  // Nobody else's DNS is asked in the sandbox.
  const { keys } = domainOf(so, own.account, own.domain);
  return [...facts, ...recordCheck(so, { ...own, keys, returnPath: false })];
}
