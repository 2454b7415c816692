/** Decisions about the addresses and domains that an account may send from. */
import { accountOf } from "./accounts.ts";
import { fact, type SettingsFact } from "./fact.ts";
import { normaliseAddress, normaliseDomain } from "./names.ts";
import { RefusedError } from "./refused.ts";
import type { SettingsState } from "./state.ts";

/** An address or a domain in the one spelling that lists hold. @throws {RefusedError} */
export function normaliseSender(text: string): string {
  return text.includes("@") ? normaliseAddress(text) : normaliseDomain(text);
}

export interface NewSender {
  account: string;
  /** An address, or a domain for all addresses at it. */
  sender: string;
  /** The installation's operator answers for it; otherwise a verified domain of the account must. */
  mayAny: boolean;
}

/** Nothing when it is authorised already. @throws {RefusedError} */
export function authoriseSender(
  state: SettingsState,
  { account, sender, mayAny }: NewSender,
): SettingsFact[] {
  accountOf(state, account);
  const normal = normaliseSender(sender);
  if (state.senders.get(account)?.has(normal)) return [];
  const domain = normal.slice(normal.lastIndexOf("@") + 1);
  if (!mayAny && !isVerified(state, account, domain)) {
    throw new RefusedError(
      "forbidden",
      `"${normal}" is under no verified domain of account "${account}": add the domain ` +
        `"${domain}", publish its DNS records and have them checked first`,
    );
  }
  return [fact("settings.sender-authorised", account, { sender: normal })];
}

/** @throws {RefusedError} */
export function withdrawSender(
  state: SettingsState,
  { account, sender }: { account: string; sender: string },
): SettingsFact[] {
  accountOf(state, account);
  const normal = normaliseSender(sender);
  if (!state.senders.get(account)?.has(normal)) {
    throw new RefusedError("unknown", `"${normal}" is no sender of account "${account}"`);
  }
  return [fact("settings.sender-withdrawn", account, { sender: normal })];
}

/** Whether the domain or one above it has a DKIM key of the account that DNS led to. */
function isVerified(state: SettingsState, account: string, domain: string): boolean {
  return state.domains.get(account)?.values().some((own) =>
    own.verifiedSelectors.size > 0 && (domain === own.domain || domain.endsWith(`.${own.domain}`))
  ) ?? false;
}
