/** What must stand in the settings: the platform's own keys, accounts, and the sandbox's demo account. */
import { createHash } from "node:crypto";
import type { Limits } from "../events/mod.ts";
import type { SettingsFact } from "./change.ts";
import type { SettingsState } from "./state.ts";
import type { Vault } from "./secrets.ts";

/** Owner of settings that belong to no customer. No login or key is ever given for it. */
export const PLATFORM = "platform";

export interface KeyPair {
  privateKeyPem: string;
  publicKeyBase64: string;
}

/** Hex SHA-256 of an API key: how keys stand in the log and are looked up. */
export function digestApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** The first token key, and the DKIM key for mail whose From domain has none. */
export async function platformKeys(
  state: SettingsState,
  { domain, vault, random, dkim }: {
    domain: string;
    vault: Vault;
    random: (bytes: number) => Uint8Array;
    dkim: () => Promise<KeyPair>;
  },
): Promise<SettingsFact[]> {
  const facts: SettingsFact[] = [];
  if (state.tokenKeys.size === 0) {
    const secret = vault.seal(random(32));
    facts.push({ type: "settings.token-key-created", account: PLATFORM, data: { kid: 1, secret } });
  }
  if (!state.domains.get(PLATFORM)?.has(domain)) {
    facts.push(dkimKey(PLATFORM, domain, await dkim(), vault));
  }
  return facts;
}

function dkimKey(account: string, domain: string, pair: KeyPair, vault: Vault): SettingsFact {
  return {
    type: "settings.dkim-key-created",
    account,
    data: {
      domain,
      selector: "chappe1",
      algorithm: "rsa-sha256",
      publicKey: pair.publicKeyBase64,
      privateKey: vault.seal(new TextEncoder().encode(pair.privateKeyPem)),
    },
  };
}

export const NO_LIMITS: Limits = {
  messagesPerHour: null,
  messagesPerDay: null,
  recipientsPerMessage: null,
  messageBytes: null,
};

export interface NewAccount {
  id: string;
  name: string;
  senders: readonly string[];
  smtp: { login: string; hash: string };
  apiKey: { name: string; digest: string };
  user: { email: string; name: string; hash: string } | null;
}

/** Refused; the message says why. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

/** An account with one SMTP login, one API key and its authorised senders. @throws {RefusedError} */
export function createAccount(state: SettingsState, account: NewAccount): SettingsFact[] {
  const { id, smtp, apiKey, user } = account;
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(id) || id === PLATFORM) {
    throw new RefusedError(
      `account id "${id}": use 1 to 32 lower-case letters, digits and hyphens (not "${PLATFORM}")`,
    );
  }
  if (state.accounts.has(id)) throw new RefusedError(`account "${id}" exists already`);
  if (state.credentials.has(smtp.login)) {
    throw new RefusedError(`login "${smtp.login}" is taken: logins are unique over all accounts`);
  }
  const facts: SettingsFact[] = [{
    type: "settings.account-created",
    account: id,
    data: {
      name: account.name,
      tracking: { mode: "full", opens: true, clicks: true },
      listUnsubscribe: "header",
      unsubscribeText: "Unsubscribe · Se désabonner",
      limits: NO_LIMITS,
    },
  }, {
    type: "settings.credential-issued",
    account: id,
    data: smtp,
  }, {
    type: "settings.api-key-issued",
    account: id,
    data: { key: apiKey.name, name: apiKey.name, digest: apiKey.digest, role: "owner" },
  }];
  for (const sender of account.senders) {
    facts.push({ type: "settings.sender-authorised", account: id, data: { sender } });
  }
  if (user !== null) {
    facts.push({ type: "settings.user-invited", account: id, data: { ...user, role: "owner" } });
  }
  return facts;
}

/**
 * The demo account of the sandbox (login `demo`, password `demo`, API key `demo-key`, console user
 * `demo@example.com`), with a DKIM key for example.com. Nothing when it is there already.
 */
export async function demoAccount(
  state: SettingsState,
  { hash, vault, dkim }: { hash: string; vault: Vault; dkim: () => Promise<KeyPair> },
): Promise<SettingsFact[]> {
  if (state.accounts.has("demo")) return [];
  return [
    ...createAccount(state, {
      id: "demo",
      name: "Demo",
      senders: ["example.com"],
      smtp: { login: "demo", hash },
      apiKey: { name: "demo", digest: digestApiKey("demo-key") },
      user: { email: "demo@example.com", name: "Demo", hash },
    }),
    {
      type: "settings.domain-added",
      account: "demo",
      data: { domain: "example.com", ed25519: false },
    },
    dkimKey("demo", "example.com", await dkim(), vault),
    // Nobody else's DNS is asked in the sandbox.
    {
      type: "settings.domain-checked",
      account: "demo",
      data: { domain: "example.com", selectors: ["chappe1"], returnPath: false },
    },
  ];
}
