/** Links that lead nowhere any more: of an account, of a message, or of a mailing. */
import { mailingTag } from "./mailing.ts";
import type { TokenClaims } from "./token.ts";

/** Some links of an account. */
export interface LinkScope {
  readonly account: string;
  readonly scope: "account" | "message" | "mailing";
  /** Message id; or what the sender files messages under; null for the account. */
  readonly of: string | null;
}

/** Tells scopes apart. */
export const linkScopeKey = ({ account, scope, of }: LinkScope): string =>
  JSON.stringify([account, scope, of]);

/** Whether a link is one of those: asked at every hit. */
export type LinkSwitch = (
  link: Pick<TokenClaims, "account" | "message" | "mailing">,
) => boolean;

/** A link is only ever in a scope of its own account, whatever that names. */
export function linkSwitch(disabled: Iterable<LinkScope>): LinkSwitch {
  const accounts = new Set<string>();
  /** By account: ids of messages, and tags of mailings. */
  const parts = new Map<string, Set<string | number>>();
  for (const { account, scope, of } of disabled) {
    if (scope === "account" || of === null) {
      accounts.add(account);
      continue;
    }
    const own = parts.get(account) ?? new Set();
    parts.set(account, own.add(scope === "message" ? of : mailingTag(account, of)));
  }
  if (accounts.size + parts.size === 0) return () => false;
  return ({ account, message, mailing }) => {
    if (accounts.has(account)) return true;
    const own = parts.get(account);
    return own !== undefined && (own.has(message) || (mailing !== null && own.has(mailing)));
  };
}
