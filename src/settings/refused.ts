/** A change of settings that is not made; the words say what is wrong and what to do. */

/**
 * - `invalid`: the words themselves are wrong
 * - `taken`: somebody else has it already
 * - `unknown`: there is no such thing (in this account)
 * - `forbidden`: it may not be done, or not now
 */
export type RefusalKind = "invalid" | "taken" | "unknown" | "forbidden";

export class RefusedError extends Error {
  override name = "RefusedError";
  constructor(readonly kind: RefusalKind, message: string) {
    super(message);
  }
}
