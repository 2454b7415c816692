/** Pure decisions: no clock, no randomness, no I/O. */
export { readStatusKey, type Status, STATUSES, statusKey, statusOf } from "./status.ts";
export { accountHint, mintReturnPath, readReturnPath, type ReturnPath } from "./return_path.ts";
export { type KeyOf, type SigningKey } from "./seal.ts";
export { isTarget, MAX_TARGET, mintToken, type TokenClaims, verifyToken } from "./token.ts";
export { classify, type Refusal, type Verdict } from "./bounce.ts";
export { nextAttemptAt, type RetryPolicy, STANDARD_RETRY } from "./retry.ts";
