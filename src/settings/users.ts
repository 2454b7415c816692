/** Decisions about the people of an account. */
import type { Role } from "../events/mod.ts";
import { accountOf } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { normaliseAddress } from "./names.ts";
import { RefusedError } from "./refused.ts";
import type { SettingsState, User } from "./state.ts";

export interface NewUser {
  account: string;
  email: string;
  name: string;
  role: Role;
  /** argon2id string. */
  hash: string;
}

/** @throws {RefusedError} */
export function inviteUser(state: SettingsState, user: NewUser): SettingsFact[] {
  const { account, name, role, hash } = user;
  accountOf(state, account);
  const email = normaliseAddress(user.email);
  if (state.users.has(email)) {
    throw new RefusedError(
      "taken",
      `"${email}" is a user already: a person belongs to one account`,
    );
  }
  return [fact("settings.user-invited", account, { email, name, role, hash })];
}

/** Another role, another password (`hash`), or both; nothing when it is so already. @throws {RefusedError} */
export function changeUser(
  state: SettingsState,
  { account, email, role, hash }: { account: string; email: string; role?: Role; hash?: string },
): SettingsFact[] {
  const user = userOf(state, account, email);
  if (role !== undefined && role !== "owner") keepAnOwner(state, user);
  const data = {
    ...role !== undefined && role !== user.role && { role },
    ...hash !== undefined && { hash },
  };
  return Object.keys(data).length === 0
    ? []
    : [fact("settings.user-changed", account, { email: user.email, ...data })];
}

/** @throws {RefusedError} */
export function removeUser(
  state: SettingsState,
  { account, email }: { account: string; email: string },
): SettingsFact[] {
  const user = userOf(state, account, email);
  keepAnOwner(state, user);
  return [fact("settings.user-removed", account, { email: user.email })];
}

function userOf(state: SettingsState, account: string, email: string): User {
  accountOf(state, account);
  const user = state.users.get(normaliseAddress(email));
  if (user?.account !== account) {
    throw new RefusedError("unknown", `account "${account}" has no user "${email}"`);
  }
  return user;
}

function keepAnOwner(state: SettingsState, user: User): void {
  const others = state.users.values().some((other) =>
    other.account === user.account && other.role === "owner" && other.email !== user.email
  );
  if (user.role === "owner" && !others) {
    throw new RefusedError(
      "forbidden",
      `"${user.email}" is the last owner of account "${user.account}": make somebody else owner first`,
    );
  }
}
