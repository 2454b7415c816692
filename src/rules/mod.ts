/** Pure decisions: no clock, no randomness, no I/O. */
export { readStatusKey, type Status, STATUSES, statusKey, statusOf } from "./status.ts";
export { accountHint, type CopyAddress, mintCopyAddress, readCopyAddress } from "./copy_address.ts";
export { equal, type KeyOf, type SigningKey } from "./seal.ts";
export {
  isTarget,
  MAX_TARGET,
  mintToken,
  type NewTokenClaims,
  type TokenClaims,
  tokenMinter,
  type TokenPurpose,
  verifyToken,
  verifyTokenBytes,
} from "./token.ts";
export { MAX_LATENESS } from "./lateness.ts";
export { mailingTag } from "./mailing.ts";
export { type LinkScope, linkScopeKey, type LinkSwitch, linkSwitch } from "./link_switch.ts";
export { decodeBase64url, encodeBase64url } from "./base64url.ts";
export { isPlainUrl } from "./plain_url.ts";
export { formatTag, recipientKey, recipientTag } from "./recipient.ts";
export { suppressionFor, suppressionId, suppressionOf } from "./suppression.ts";
export { classify, type Refusal, type Verdict } from "./bounce.ts";
export { createThrottle, type Throttle, type ThrottleOptions } from "./throttle.ts";
export { chunkOf, grantedOf, type Span, spansOf } from "./quota.ts";
export { nextAttemptAt, type RetryPolicy, retryWithEarly, STANDARD_RETRY } from "./retry.ts";
export { dkimName, dkimTarget, returnPathDomain } from "./domain_names.ts";
