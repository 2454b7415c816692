/** Settings as they stand: a fold of the `settings` family, and the questions asked of it. */
import type {
  AttachmentsMode,
  Event,
  Limits,
  Role,
  Tracking,
  UnsubscribeMode,
} from "../events/mod.ts";
import { type LinkScope, linkScopeKey, recipientKey } from "../rules/mod.ts";
import { addDomain, addKey, checkDomain, type Domain } from "./domain_state.ts";

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly tracking: Tracking;
  readonly listUnsubscribe: UnsubscribeMode;
  readonly unsubscribeText: string;
  readonly attachments: AttachmentsMode;
  readonly limits: Limits;
}
export interface Credential {
  readonly account: string;
  readonly login: string;
  /** argon2id string. */
  readonly hash: string;
  /** ms UTC. */
  readonly createdAt: number;
}
export interface ApiKey {
  readonly account: string;
  readonly key: string;
  readonly name: string;
  readonly role: Role;
  /** ms UTC. */
  readonly createdAt: number;
}
export interface User {
  readonly account: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly hash: string;
  /** ms UTC. */
  readonly createdAt: number;
}
/** `secret` is sealed. */
export interface TokenKey {
  readonly kid: number;
  readonly secret: string;
  /** ms UTC. */
  readonly createdAt: number;
  /** From then on what it signed is not ours; null while it verifies. */
  readonly retiredAt: number | null;
}
/** Links that lead nowhere, and why. */
export interface DisabledLinks extends LinkScope {
  readonly reason: string;
  readonly byPlatform: boolean;
  /** ms UTC. */
  readonly since: number;
}

export interface SettingsState {
  readonly accounts: ReadonlyMap<string, Account>;
  /** By login: logins are unique over all accounts. */
  readonly credentials: ReadonlyMap<string, Credential>;
  /** By digest. */
  readonly apiKeys: ReadonlyMap<string, ApiKey>;
  /** By e-mail address, lower case. */
  readonly users: ReadonlyMap<string, User>;
  /** Account → authorised senders, lower case and A-labels: addresses and bare domains. */
  readonly senders: ReadonlyMap<string, ReadonlySet<string>>;
  /** Account → domain (lower-case A-labels) → what is known of it. */
  readonly domains: ReadonlyMap<string, ReadonlyMap<string, Domain>>;
  /** By key id; the last one added signs, all that are not retired verify. */
  readonly tokenKeys: ReadonlyMap<number, TokenKey>;
  /** By {@link linkScopeKey}. */
  readonly disabledLinks: ReadonlyMap<string, DisabledLinks>;
}

export const NO_SETTINGS: SettingsState = {
  accounts: new Map(),
  credentials: new Map(),
  apiKeys: new Map(),
  users: new Map(),
  senders: new Map(),
  domains: new Map(),
  tokenKeys: new Map(),
  disabledLinks: new Map(),
};

/** One event later. Events of other families leave the state as it is. */
export function evolve(state: SettingsState, event: Event): SettingsState {
  const { account, at: createdAt } = event;
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
        credentials: put(state.credentials, event.data.login, {
          account,
          ...event.data,
          createdAt,
        }),
      };
    case "settings.credential-revoked":
      return { ...state, credentials: drop(state.credentials, event.data.login) };
    case "settings.api-key-issued": {
      const { digest, key, name, role } = event.data;
      const apiKey = { account, key, name, role, createdAt };
      return { ...state, apiKeys: put(state.apiKeys, digest, apiKey) };
    }
    case "settings.api-key-revoked": {
      const { key } = event.data;
      const entry = [...state.apiKeys].find(([, k]) => k.account === account && k.key === key);
      return entry === undefined ? state : { ...state, apiKeys: drop(state.apiKeys, entry[0]) };
    }
    case "settings.user-invited": {
      const email = event.data.email.toLowerCase();
      const user = { account, ...event.data, email, createdAt };
      return { ...state, users: put(state.users, email, user) };
    }
    case "settings.user-changed": {
      const email = event.data.email.toLowerCase();
      const before = state.users.get(email);
      if (before?.account !== account) return state;
      return { ...state, users: put(state.users, email, { ...before, ...event.data, email }) };
    }
    case "settings.user-removed":
      return { ...state, users: drop(state.users, event.data.email.toLowerCase()) };
    case "settings.sender-authorised":
    case "settings.sender-withdrawn": {
      const senders = new Set(state.senders.get(account));
      const sender = event.data.sender.toLowerCase();
      if (event.type === "settings.sender-authorised") senders.add(sender);
      else senders.delete(sender);
      return { ...state, senders: put(state.senders, account, senders) };
    }
    case "settings.domain-added":
      return withDomain(state, event, (before) => addDomain(before, account, event.data));
    case "settings.domain-removed":
      return withDomain(state, event, () => undefined);
    case "settings.domain-checked":
      return withDomain(state, event, (before) => checkDomain(before, event.data, event.at));
    case "settings.dkim-key-created":
      return withDomain(state, event, (before) => addKey(before, account, event.data, event.at));
    case "settings.token-key-created":
      return {
        ...state,
        tokenKeys: put(state.tokenKeys, event.data.kid, {
          ...event.data,
          createdAt,
          retiredAt: null,
        }),
      };
    case "settings.token-key-retired": {
      const key = state.tokenKeys.get(event.data.kid);
      if (key === undefined) return state;
      const retired = { ...key, retiredAt: event.at };
      return { ...state, tokenKeys: put(state.tokenKeys, key.kid, retired) };
    }
    case "settings.links-disabled": {
      const entry = { account, ...event.data, since: event.at };
      return { ...state, disabledLinks: put(state.disabledLinks, linkScopeKey(entry), entry) };
    }
    case "settings.links-enabled": {
      const key = linkScopeKey({ account, ...event.data });
      return { ...state, disabledLinks: drop(state.disabledLinks, key) };
    }
    default:
      return state;
  }
}

/** Whether the account may send as `address` (`local@domain`): the address or its domain is on its list. */
export function maySendAs(state: SettingsState, account: string, address: string): boolean {
  const senders = state.senders.get(account);
  if (senders === undefined || address.lastIndexOf("@") < 1) return false;
  const key = recipientKey(address);
  return senders.has(key) || senders.has(key.slice(key.lastIndexOf("@") + 1));
}

function withDomain(
  state: SettingsState,
  event: { account: string; data: { domain: string } },
  change: (before: Domain | undefined) => Domain | undefined,
): SettingsState {
  const name = event.data.domain.toLowerCase();
  const own = state.domains.get(event.account) ?? new Map<string, Domain>();
  const after = change(own.get(name));
  const domains = after === undefined ? drop(own, name) : put(own, name, after);
  return { ...state, domains: put(state.domains, event.account, domains) };
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> {
  return new Map(map).set(key, value);
}
function drop<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
