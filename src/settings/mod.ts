/** Accounts and what belongs to them, folded from the log. */
export {
  type Account,
  type ApiKey,
  type Credential,
  type DkimKey,
  evolve,
  maySendAs,
  NO_SETTINGS,
  type SettingsState,
  type TokenKey,
  type User,
} from "./state.ts";
export { followSettings, type LiveSettings } from "./live.ts";
export { changeSettings, readSettings, type SettingsFact } from "./change.ts";
export { createVault, parseMasterKey, SealError, type Vault } from "./secrets.ts";
export {
  createAccount,
  demoAccount,
  digestApiKey,
  platformKeys,
  RefusedError,
} from "./provision.ts";
export {
  createVerifier,
  hashPassword,
  type PasswordVerifier,
  verifyPassword,
} from "./passwords.ts";
export { tokenKeyOf } from "./token_keys.ts";
