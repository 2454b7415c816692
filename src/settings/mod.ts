/** Accounts and what belongs to them, folded from the log. */
export {
  type Account,
  type ApiKey,
  type Credential,
  evolve,
  maySendAs,
  NO_SETTINGS,
  type SettingsState,
  type TokenKey,
  type User,
} from "./state.ts";
export { type DkimKey, type Domain } from "./domain_state.ts";
export { followSettings, type LiveSettings } from "./live.ts";
export { changeSettings, readSettings, type SettingsFact } from "./change.ts";
export { createVault, parseMasterKey, SealError, type Vault } from "./secrets.ts";
export {
  createAccount,
  demoAccount,
  digestApiKey,
  NO_LIMITS,
  PLATFORM,
  platformKeys,
  RefusedError,
} from "./provision.ts";
export {
  createVerifier,
  hashPassword,
  type PasswordVerifier,
  verifyPassword,
} from "./passwords.ts";
export { recipientSecret, tokenKeyOf } from "./token_keys.ts";
