/** Judges a complete message: pure, from its header, its envelope and the settings. */
import type { AttachmentsMode, MessageAccepted, Tracking, TrackingMode } from "@chappe/src/events";
import { inspect, inspectParts, type OptionsResult, parseOptions } from "@chappe/src/mail";
import type { SettingsState } from "@chappe/src/settings";
import { isAscii } from "../smtp/address.ts";
import { badContent, mailLoop } from "../smtp/refusal.ts";
import { authorisedSender } from "../smtp/sender.ts";
import type { Transaction } from "../smtp/transaction.ts";
import { recipientKinds } from "./kinds.ts";

/** Received fields a message may have before it is taken to run in circles (RFC 5321 §6.3). */
const MAX_HOPS = 50;

/** What goes into the event as text; the log's commits are small, headers need not be. */
const MAX_TEXT = 998;

/** Bytes of all recipients with what is told of them: one event is one commit at the most. */
const MAX_TOLD = 768 * 1024;

/** What the message itself says of `message.accepted`; `messageId` is `null` where it has none. */
export type Examined =
  & Pick<
    MessageAccepted,
    "recipients" | "from" | "subject" | "references" | "tracking" | "listUnsubscribe" | "smtputf8"
  >
  & { messageId: string | null; attachments: AttachmentsMode };

/** Privacy modes, the strictest first. */
const MODES: readonly TrackingMode[] = ["off", "date-only", "full"];

/**
 * @param received with the line ends it came with
 * @param raw the same with whole line ends, as it will be stored
 * @throws {Refusal}
 */
export function examine(
  received: Uint8Array,
  raw: Uint8Array,
  transaction: Transaction,
  settings: SettingsState,
  optionsHeader: string,
): Examined {
  const { account } = transaction;
  const header = inspect(received, optionsHeader);
  const parts = header.multipart && header.problem === null
    ? inspectParts(raw, optionsHeader)
    : { problem: null, options: [] };
  const problem = header.problem ?? parts.problem;
  if (problem !== null) throw badContent(`Message cannot be sent on: ${problem}`);
  if (header.received > MAX_HOPS) throw mailLoop(header.received);
  if (header.from.length === 0) throw badContent("Message cannot be sent on: From has no address");
  const from = header.from.map((address) => authorisedSender(address, account.id, settings));
  for (const address of header.originators) authorisedSender(address, account.id, settings);
  const options = parseOptions(header.options, parts.options);
  if (!options.ok) throw badContent(`${optionsHeader}: ${options.problem}`);

  const recipients = recipientKinds(transaction.recipients.values(), header);
  const told = new TextEncoder().encode(JSON.stringify(recipients)).length;
  if (told > MAX_TOLD) {
    throw badContent(
      `Names and fields of the recipients take ${told} bytes, more than ${MAX_TOLD}`,
    );
  }
  return {
    recipients,
    from: from[0]!,
    subject: clip(header.subject),
    messageId: header.messageId === null ? null : clip(header.messageId),
    references: options.references,
    tracking: trackingOf(account.tracking, options.tracking),
    listUnsubscribe: options.listUnsubscribe ?? account.listUnsubscribe,
    attachments: options.attachments ?? account.attachments,
    // Raw bytes in a header whose sender did not speak of SMTPUTF8 are old habits that travel as
    // they are; to ask the next server for SMTPUTF8 would only get them refused.
    smtputf8: (transaction.smtputf8 && header.eightBitHeaders) ||
      !isAscii(transaction.sender) || recipients.some(({ address }) => !isAscii(address)),
  };
}

/** The stricter mode counts; what is tracked within it, the message may say. */
function trackingOf(
  account: Tracking,
  message: (OptionsResult & { ok: true })["tracking"],
): Tracking {
  const mode = MODES[Math.min(MODES.indexOf(account.mode), MODES.indexOf(message.mode ?? "full"))]!;
  return {
    mode,
    opens: mode !== "off" && (message.opens ?? account.opens),
    clicks: mode !== "off" && (message.clicks ?? account.clicks),
  };
}

/** A cut must not leave half a character: others refuse such text. */
function clip(text: string): string {
  return text.slice(0, MAX_TEXT).toWellFormed();
}
