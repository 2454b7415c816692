/** Decisions about SMTP logins. */
import { accountOf } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { RefusedError } from "./refused.ts";
import type { SettingsState } from "./state.ts";

/** @param input `hash`: argon2id string. @throws {RefusedError} */
export function issueCredential(
  state: SettingsState,
  { account, login, hash }: { account: string; login: string; hash: string },
): SettingsFact[] {
  accountOf(state, account);
  if (!/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/.test(login)) {
    throw new RefusedError(
      "invalid",
      `login "${login}": use 1 to 100 letters, digits and . _ @ + - (a letter or digit first)`,
    );
  }
  if (state.credentials.has(login)) {
    throw new RefusedError(
      "taken",
      `login "${login}" is taken: logins are unique over all accounts, choose another`,
    );
  }
  return [fact("settings.credential-issued", account, { login, hash })];
}

/** @throws {RefusedError} */
export function revokeCredential(
  state: SettingsState,
  { account, login }: { account: string; login: string },
): SettingsFact[] {
  accountOf(state, account);
  if (state.credentials.get(login)?.account !== account) {
    throw new RefusedError("unknown", `account "${account}" has no login "${login}"`);
  }
  return [fact("settings.credential-revoked", account, { login })];
}
