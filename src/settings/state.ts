/** Settings as they stand: a fold of the `settings` family, and the questions asked of it. */
import type { Event, Tracking } from "../events/mod.ts";

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly tracking: Tracking;
  readonly listUnsubscribe: boolean;
}
export interface Credential {
  readonly account: string;
  readonly login: string;
  /** argon2id string. */
  readonly hash: string;
}
export interface ApiKey {
  readonly account: string;
  readonly key: string;
  readonly name: string;
}
export interface User {
  readonly account: string;
  readonly email: string;
  readonly name: string;
  readonly role: "owner" | "operator" | "analyst";
  readonly hash: string;
}
/** `privateKey` is sealed. */
export interface DkimKey {
  readonly domain: string;
  readonly selector: string;
  readonly algorithm: "rsa-sha256" | "ed25519-sha256";
  readonly publicKey: string;
  readonly privateKey: string;
}
/** `secret` is sealed. */
export interface TokenKey {
  readonly kid: number;
  readonly secret: string;
}

export interface SettingsState {
  readonly accounts: ReadonlyMap<string, Account>;
  /** By login: logins are unique over all accounts. */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** By digest. */
  readonly apiKeys: ReadonlyMap<string, ApiKey>;
  /** By e-mail address, lower case. */
  readonly users: ReadonlyMap<string, User>;
  /** Account → authorised senders, lower case: addresses and bare domains. */
  readonly senders: ReadonlyMap<string, ReadonlySet<string>>;
  /** Domain → keys, newest last. */
  readonly dkimKeys: ReadonlyMap<string, readonly DkimKey[]>;
  /** By key id; the last one added signs, all verify. */
  readonly tokenKeys: ReadonlyMap<number, TokenKey>;
}

export const NO_SETTINGS: SettingsState = {
  accounts: new Map(),
  credentials: new Map(),
  apiKeys: new Map(),
  users: new Map(),
  senders: new Map(),
  dkimKeys: new Map(),
  tokenKeys: new Map(),
};

/** One event later. Events of other families leave the state as it is. */
export function evolve(state: SettingsState, event: Event): SettingsState {
  const { account } = event;
  switch (event.type) {
    case "settings.account-created":
      return { ...state, accounts: put(state.accounts, account, { id: account, ...event.data }) };
    case "settings.account-changed": {
      const before = state.accounts.get(account);
      if (before === undefined) return state;
      return { ...state, accounts: put(state.accounts, account, { ...before, ...event.data }) };
    }
    case "settings.credential-issued":
      return {
        ...state,
        credentials: put(state.credentials, event.data.login, { account, ...event.data }),
      };
    case "settings.credential-revoked":
      return { ...state, credentials: drop(state.credentials, event.data.login) };
    case "settings.api-key-issued": {
      const { digest, key, name } = event.data;
      return { ...state, apiKeys: put(state.apiKeys, digest, { account, key, name }) };
    }
    case "settings.api-key-revoked": {
      const { key } = event.data;
      const entry = [...state.apiKeys].find(([, k]) => k.account === account && k.key === key);
      return entry === undefined ? state : { ...state, apiKeys: drop(state.apiKeys, entry[0]) };
    }
    case "settings.user-invited": {
      const email = event.data.email.toLowerCase();
      return { ...state, users: put(state.users, email, { account, ...event.data, email }) };
    }
    case "settings.sender-authorised":
    case "settings.sender-withdrawn": {
      const senders = new Set(state.senders.get(account));
      const sender = event.data.sender.toLowerCase();
      if (event.type === "settings.sender-authorised") senders.add(sender);
      else senders.delete(sender);
      return { ...state, senders: put(state.senders, account, senders) };
    }
    case "settings.dkim-key-created": {
      const domain = event.data.domain.toLowerCase();
      const keys = [...(state.dkimKeys.get(domain) ?? []), { ...event.data, domain }];
      return { ...state, dkimKeys: put(state.dkimKeys, domain, keys) };
    }
    case "settings.token-key-created":
      return { ...state, tokenKeys: put(state.tokenKeys, event.data.kid, event.data) };
    default:
      return state;
  }
}

/** Whether the account may send as `address` (`local@domain`): the address or its domain is on its list. */
export function maySendAs(state: SettingsState, account: string, address: string): boolean {
  const senders = state.senders.get(account);
  const lower = address.toLowerCase();
  const at = lower.lastIndexOf("@");
  if (senders === undefined || at < 1) return false;
  return senders.has(lower) || senders.has(lower.slice(at + 1));
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}
function drop<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
