/** Decisions about API keys. */
import { createHash } from "node:crypto";
import type { Role } from "../events/mod.ts";
import { accountOf, PLATFORM } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { RefusedError } from "./refused.ts";
import type { SettingsState } from "./state.ts";

/** Hex SHA-256 of an API key: how keys stand in the log and are looked up. */
export function digestApiKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

export interface NewApiKey {
  /** `PLATFORM` for the installation's operator. */
  account: string;
  /** What it is revoked by; unique in its account. */
  key: string;
  name: string;
  /** {@link digestApiKey} of the secret. */
  digest: string;
  role: Role;
}

/** @throws {RefusedError} */
export function issueApiKey(
  state: SettingsState,
  { account, key, name, digest, role }: NewApiKey,
): SettingsFact[] {
  if (account !== PLATFORM) accountOf(state, account);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(key)) {
    throw new RefusedError(
      "invalid",
      `API key id "${key}": use 1 to 64 letters, digits and . _ - (a letter or digit first)`,
    );
  }
  if (hasKey(state, account, key)) {
    throw new RefusedError("taken", `account "${account}" has an API key "${key}" already`);
  }
  if (state.apiKeys.has(digest)) {
    throw new RefusedError("taken", "this secret is an API key already: make a new one");
  }
  return [fact("settings.api-key-issued", account, { key, name, digest, role })];
}

/** @throws {RefusedError} */
export function revokeApiKey(
  state: SettingsState,
  { account, key }: { account: string; key: string },
): SettingsFact[] {
  if (account !== PLATFORM) accountOf(state, account);
  if (!hasKey(state, account, key)) {
    throw new RefusedError("unknown", `account "${account}" has no API key "${key}"`);
  }
  return [fact("settings.api-key-revoked", account, { key })];
}

function hasKey(state: SettingsState, account: string, key: string): boolean {
  return state.apiKeys.values().some((k) => k.account === account && k.key === key);
}
