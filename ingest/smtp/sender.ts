/** Whether a client may send in the name of an address. */
import { maySendAs, type SettingsState } from "@chappe/src/settings";
import { formatMailbox, parseMailbox } from "./address.ts";
import { senderRefused } from "./refusal.ts";

/**
 * The address in its usual form, if the account may send as it. A quoted local part with an `@`
 * (`"boss@other.example"@example.com`) is nobody's: too many programs read the wrong domain.
 * @throws {Refusal}
 */
export function authorisedSender(
  address: string,
  account: string,
  settings: SettingsState,
): string {
  const mailbox = parseMailbox(address);
  if (mailbox === null || mailbox.local.includes("@")) throw senderRefused(address);
  const usual = formatMailbox(mailbox);
  if (!maySendAs(settings, account, usual)) throw senderRefused(usual);
  return usual;
}
