/** Accounts and what belongs to them, folded from the log. */
export {
  type Account,
  type ApiKey,
  type Credential,
  type DisabledLinks,
  evolve,
  maySendAs,
  NO_SETTINGS,
  type SettingsState,
  type TokenKey,
  type User,
} from "./state.ts";
export { type DkimKey, type Domain } from "./domain_state.ts";
export { followSettings, type LiveSettings } from "./live.ts";
export { changeSettings, readSettings, type SettingsChange } from "./change.ts";
export { checked, type SettingsFact, supposing } from "./fact.ts";
export { type RefusalKind, RefusedError } from "./refused.ts";
export { createVault, parseMasterKey, SealError, type Vault } from "./secrets.ts";
export {
  type AccountChange,
  accountOf,
  changeAccount,
  NO_LIMITS,
  PLATFORM,
  setLimits,
} from "./accounts.ts";
export { createAccount, type NewAccount } from "./create_account.ts";
export { issueCredential, revokeCredential } from "./credentials.ts";
export { digestApiKey, issueApiKey, type NewApiKey, revokeApiKey } from "./api_keys.ts";
export { changeUser, inviteUser, type NewUser, removeUser } from "./users.ts";
export { authoriseSender, type NewSender, normaliseSender, withdrawSender } from "./senders.ts";
export {
  addDomain,
  type DomainFindings,
  domainOf,
  type KeyMaker,
  type KeyPair,
  recordCheck,
  removeDomain,
  rotateKey,
  SELECTORS,
} from "./domains.ts";
export { normaliseAddress, normaliseDomain } from "./names.ts";
export { newApiKey, newPassword, newSecret } from "./generate.ts";
export { demoAccount, platformKeys } from "./provision.ts";
export { hashPassword, verifyPassword } from "./passwords.ts";
export { VerifierBusyError } from "./password_thread.ts";
export { createVerifier, type PasswordVerifier } from "./verifier.ts";
export {
  accessKey,
  type AccessLog,
  createAccessLog,
  type LastUse,
  readLastUses,
} from "./access_log.ts";
export {
  recipientSecret,
  retireTokenKey,
  rotateTokenKey,
  signingKey,
  tokenKeyOf,
} from "./token_keys.ts";
export {
  disableLinks,
  enableLinks,
  type LinkOrder,
  linksDisabled,
  linksDisabledBefore,
} from "./link_switches.ts";
