/** Judges a complete message: pure, from its header, its envelope and the settings. */
import type { MessageAccepted } from "@chappe/src/events";
import { inspect, parseOptions } from "@chappe/src/mail";
import { maySendAs, type SettingsState } from "@chappe/src/settings";
import { formatMailbox, isAscii, parseMailbox } from "../smtp/address.ts";
import { recipientKinds } from "./kinds.ts";
import { badContent, mailLoop, senderRefused } from "../smtp/refusal.ts";
import type { Transaction } from "../smtp/transaction.ts";

/** Received fields a message may have before it is taken to run in circles (RFC 5321 §6.3). */
const MAX_HOPS = 50;

/** What goes into the event as text; the log's commits are small, headers need not be. */
const MAX_TEXT = 998;

/** What the message itself says of `message.accepted`; `messageId` is `null` where it has none. */
export type Examined =
  & Pick<
    MessageAccepted,
    "recipients" | "from" | "subject" | "references" | "tracking" | "listUnsubscribe" | "smtputf8"
  >
  & { messageId: string | null };

/** @param raw as received, with its line ends @throws {Refusal} */
export function examine(
  raw: Uint8Array,
  transaction: Transaction,
  settings: SettingsState,
  optionsHeader: string,
): Examined {
  const { account } = transaction;
  const header = inspect(raw, optionsHeader);
  if (header.problem !== null) throw badContent(`Message cannot be sent on: ${header.problem}`);
  if (header.received > MAX_HOPS) throw mailLoop(header.received);
  if (header.from.length === 0) throw badContent("Message cannot be sent on: From has no address");
  const from = header.from.map((address) => authorised(address, account.id, settings));
  const options = parseOptions(header.options);
  if (!options.ok) throw badContent(`${optionsHeader}: ${options.problem}`);

  const recipients = recipientKinds(transaction.recipients.values(), header);
  const { mode, opens, clicks } = account.tracking;
  return {
    recipients,
    from: from[0]!,
    subject: clip(header.subject),
    messageId: header.messageId === null ? null : clip(header.messageId),
    references: options.references,
    tracking: {
      mode,
      opens: mode !== "off" && (options.tracking.opens ?? opens),
      clicks: mode !== "off" && (options.tracking.clicks ?? clicks),
    },
    listUnsubscribe: account.listUnsubscribe,
    // Raw bytes in a header whose sender did not speak of SMTPUTF8 are old habits that travel as
    // they are; to ask the next server for SMTPUTF8 would only get them refused.
    smtputf8: (transaction.smtputf8 && header.eightBitHeaders) ||
      !isAscii(transaction.sender) || recipients.some(({ address }) => !isAscii(address)),
  };
}

/** A cut must not leave half a character: others refuse such text. */
function clip(text: string): string {
  return text.slice(0, MAX_TEXT).toWellFormed();
}

/** The address in its usual form, if the account may send as it. @throws {Refusal} */
function authorised(address: string, account: string, settings: SettingsState): string {
  const mailbox = parseMailbox(address);
  const usual = mailbox === null ? address : formatMailbox(mailbox);
  if (mailbox === null || !maySendAs(settings, account, usual)) throw senderRefused(usual);
  return usual;
}
