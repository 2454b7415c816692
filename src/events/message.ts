/** Family `message`: what senders handed to us. */
import * as z from "zod";
import { Reply } from "./reply.ts";

export const RecipientKind = z.enum(["to", "cc", "bcc"]);
export type RecipientKind = z.infer<typeof RecipientKind>;

/** Privacy of tracking: nothing, only the date of the last open, or everything (seed, privacy). */
export const TrackingMode = z.enum(["off", "date-only", "full"]);
export type TrackingMode = z.infer<typeof TrackingMode>;

const note = z.string().max(256).nullable();

/** The keys of the options header `X-EFIDEM-HEADERS` (seed "Création de headers personnalisés"). */
export const MessageReferences = z.strictObject({
  billingCode: note.default(null),
  customerReference: note.default(null),
  attention1: note.default(null),
  attention2: note.default(null),
  attention3: note.default(null),
  attention4: note.default(null),
  attention5: note.default(null),
  attention6: note.default(null),
  attention7: note.default(null),
  attention8: note.default(null),
});
export type MessageReferences = z.infer<typeof MessageReferences>;

export const Tracking = z.strictObject({
  mode: TrackingMode,
  opens: z.boolean(),
  clicks: z.boolean(),
});
export type Tracking = z.infer<typeof Tracking>;

/**
 * How a copy offers to unsubscribe: not at all, by List-Unsubscribe (RFC 2369, RFC 8058), or by that
 * and a link at the end of the text.
 */
export const UnsubscribeMode = z.enum(["off", "header", "header-and-footer"]);
export type UnsubscribeMode = z.infer<typeof UnsubscribeMode>;

/** Whether attachments travel in the copies, or behind links to them. */
export const AttachmentsMode = z.enum(["keep", "link"]);
export type AttachmentsMode = z.infer<typeof AttachmentsMode>;

/** An attachment that stands in the stored message, and in the copies as a link to it. */
export const LinkedFile = z.strictObject({
  /** Fit for any system: no path, no control characters. */
  name: z.string().min(1),
  /** Media type as the message gives it: a stranger's word. */
  type: z.string(),
  /** Bytes of the file. */
  size: z.int().nonnegative(),
  /** From where to where it stands in the stored message. */
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  /** How it is encoded there (RFC 2045 §6). */
  encoding: z.enum(["identity", "quoted-printable", "base64"]),
});
export type LinkedFile = z.infer<typeof LinkedFile>;

/** `message.accepted`: answered 250; body and event are both on disk. */
export const MessageAccepted = z.strictObject({
  /** RFC 5321 MAIL FROM; empty for the null reverse-path. */
  sender: z.string(),
  /** RCPT TO in order; the position is the recipient index. */
  recipients: z.array(z.strictObject({ address: z.string(), kind: RecipientKind })).min(1),
  /** Header From, as one address. */
  from: z.string(),
  subject: z.string(),
  /** RFC 5322 Message-ID without brackets, ours where the sender gave none. */
  messageId: z.string(),
  /** Bytes of the raw message as received. */
  size: z.int().nonnegative(),
  /** Opaque reference into the body store. */
  body: z.string(),
  /** Attachments that the copies carry as links, in order; absent where there are none. */
  files: z.array(LinkedFile).min(1).optional(),
  references: MessageReferences,
  tracking: Tracking,
  listUnsubscribe: UnsubscribeMode,
  /** Whether 8-bit headers or addresses need SMTPUTF8 (RFC 6531) on the way out. */
  smtputf8: z.boolean(),
  client: z.strictObject({
    ip: z.string(),
    ehlo: z.string(),
    tls: z.string().nullable(),
    login: z.string().nullable(),
  }),
});
export type MessageAccepted = z.infer<typeof MessageAccepted>;

/** `message.rejected`: refused at submission, with what the sender was told. */
export const MessageRejected = z.strictObject({
  reason: z.string(),
  reply: Reply,
  sender: z.string().nullable(),
  recipients: z.array(z.string()),
  client: z.strictObject({
    ip: z.string(),
    ehlo: z.string(),
    login: z.string().nullable(),
  }),
});
export type MessageRejected = z.infer<typeof MessageRejected>;
