/** One mail transaction (RFC 5321 §3.3): who sends, and to whom. */
import type { MessageAccepted } from "@chappe/src/events";
import type { Account, SettingsState } from "@chappe/src/settings";
import { formatMailbox, isAscii, type Mailbox, mailboxKey, parseMailbox } from "./address.ts";
import {
  needsSmtpUtf8,
  recipientSyntax,
  senderSyntax,
  tooManyRecipients,
  unknownParameter,
} from "./refusal.ts";
import { authorisedSender } from "./sender.ts";

/** Of the extensions that we advertise; a client must be told where we cannot do what it asks. */
const MAIL_PARAMETERS: readonly string[] = ["SIZE", "BODY", "SMTPUTF8", "AUTH"];

export interface Path {
  /** As between the angle brackets. */
  readonly address: string;
  /** ESMTP parameters by name, upper case. */
  readonly args: Readonly<Record<string, string | true>> | false;
}

/** A recipient, with what the sender tells of them. */
export type Addressee = Omit<MessageAccepted["recipients"][number], "kind">;

export interface Transaction {
  readonly account: Account;
  readonly login: string | null;
  /** Empty for the null reverse-path. */
  readonly sender: string;
  /** Whether the client gave SMTPUTF8 (RFC 6531). */
  readonly smtputf8: boolean;
  /** By `mailboxKey`: a recipient named twice gets one copy. */
  readonly recipients: Map<string, Addressee>;
}

/**
 * Begins a transaction at MAIL. The null reverse-path is taken, as RFC 5321 §4.5.5 requires:
 * applications send auto-replies and receipts with it. The header From must be authorised anyway.
 * @throws {Refusal}
 */
export function beginTransaction(
  client: { account: Account; login: string | null },
  { address, args }: Path,
  settings: SettingsState,
): Transaction {
  checkParameters(args, MAIL_PARAMETERS);
  const smtputf8 = args !== false && args.SMTPUTF8 === true;
  let sender = "";
  if (address !== "") {
    const mailbox = parseMailbox(address);
    if (mailbox === null) throw senderSyntax();
    checkAscii(mailbox, smtputf8);
    sender = authorisedSender(address, client.account.id, settings);
  }
  return { ...client, sender, smtputf8, recipients: new Map() };
}

/** Adds what RCPT names. @param told of the recipient @throws {Refusal} */
export function addRecipient(
  transaction: Transaction,
  { address, args }: Path,
  limit: number,
  told: Omit<Addressee, "address"> = {},
): void {
  checkParameters(args, []);
  const mailbox = parseMailbox(address);
  if (mailbox === null) throw recipientSyntax();
  checkAscii(mailbox, transaction.smtputf8);
  const key = mailboxKey(mailbox);
  if (transaction.recipients.has(key)) return;
  if (transaction.recipients.size >= limit) throw tooManyRecipients(limit);
  transaction.recipients.set(key, { ...told, address: formatMailbox(mailbox) });
}

/** A domain in Unicode has an ASCII form that serves everywhere; a local part has none. */
function checkAscii({ local }: Mailbox, smtputf8: boolean): void {
  if (!smtputf8 && !isAscii(local)) throw needsSmtpUtf8();
}

function checkParameters(args: Path["args"], known: readonly string[]): void {
  const unknown = Object.keys(args || {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unknownParameter(unknown);
}
