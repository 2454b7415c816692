/** The decision to open an account, with all that it starts with. */
import { NO_LIMITS, PLATFORM } from "./accounts.ts";
import { issueApiKey } from "./api_keys.ts";
import { issueCredential } from "./credentials.ts";
import { fact, type SettingsFact, supposing } from "./fact.ts";
import { RefusedError } from "./refused.ts";
import { authoriseSender } from "./senders.ts";
import type { SettingsState } from "./state.ts";
import { inviteUser } from "./users.ts";

export interface NewAccount {
  id: string;
  name: string;
  /** Addresses and domains that it may send from, whoever owns them: the operator says so. */
  senders: readonly string[];
  /** A first login (`hash`: argon2id), API key and user, each an owner's; null: none yet. */
  smtp: { login: string; hash: string } | null;
  apiKey: { key: string; name: string; digest: string } | null;
  user: { email: string; name: string; hash: string } | null;
}

/** @throws {RefusedError} */
export function createAccount(state: SettingsState, account: NewAccount): SettingsFact[] {
  const { id, name, senders, smtp, apiKey, user } = account;
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(id) || id === PLATFORM) {
    throw new RefusedError(
      "invalid",
      `account id "${id}": use 1 to 32 lower-case letters, digits and hyphens (not "${PLATFORM}")`,
    );
  }
  if (state.accounts.has(id)) throw new RefusedError("taken", `account "${id}" exists already`);
  const facts = [fact("settings.account-created", id, {
    name,
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "header",
    unsubscribeText: "Unsubscribe · Se désabonner",
    attachments: "keep",
    limits: NO_LIMITS,
  })];
  const step = (decide: (state: SettingsState) => SettingsFact[]) =>
    facts.push(...decide(supposing(state, facts)));
  if (smtp !== null) step((s) => issueCredential(s, { account: id, ...smtp }));
  if (apiKey !== null) step((s) => issueApiKey(s, { account: id, ...apiKey, role: "owner" }));
  for (const sender of senders) {
    step((s) => authoriseSender(s, { account: id, sender, mayAny: true }));
  }
  if (user !== null) step((s) => inviteUser(s, { account: id, ...user, role: "owner" }));
  return facts;
}
