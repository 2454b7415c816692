/** Decisions about accounts. */
import type { AttachmentsMode, Limits, Tracking, UnsubscribeMode } from "../events/mod.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { RefusedError } from "./refused.ts";
import type { Account, SettingsState } from "./state.ts";

/** Owner of settings that belong to no customer. It has no logins and sends no mail. */
export const PLATFORM = "platform";

export const NO_LIMITS: Limits = {
  messagesPerHour: null,
  messagesPerDay: null,
  recipientsPerMessage: null,
  messageBytes: null,
};

export interface AccountChange {
  account: string;
  name?: string;
  /** Only what is to change. */
  tracking?: Partial<Tracking>;
  listUnsubscribe?: UnsubscribeMode;
  unsubscribeText?: string;
  attachments?: AttachmentsMode;
}

/** What an account may change of itself; nothing when it stands so already. @throws {RefusedError} */
export function changeAccount(
  state: SettingsState,
  { account, tracking, ...rest }: AccountChange,
): SettingsFact[] {
  const before = accountOf(state, account);
  const wanted = { ...rest, ...tracking && { tracking: { ...before.tracking, ...tracking } } };
  return changed(before, wanted);
}

/** Sets the limits that are named; null takes one away. @throws {RefusedError} */
export function setLimits(
  state: SettingsState,
  { account, limits }: { account: string; limits: Partial<Limits> },
): SettingsFact[] {
  const before = accountOf(state, account);
  return changed(before, { limits: { ...before.limits, ...limits } });
}

/** @throws {RefusedError} when there is none. */
export function accountOf(state: SettingsState, account: string): Account {
  const found = state.accounts.get(account);
  if (found === undefined) throw new RefusedError("unknown", `there is no account "${account}"`);
  return found;
}

function changed(before: Account, wanted: Partial<Account>): SettingsFact[] {
  const differs = Object.entries(wanted).filter(([key, value]) =>
    value !== undefined && JSON.stringify(before[key as keyof Account]) !== JSON.stringify(value)
  );
  return differs.length === 0
    ? []
    : [fact("settings.account-changed", before.id, Object.fromEntries(differs))];
}
