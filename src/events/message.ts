/** Family `message`: what senders handed to us. */
import * as z from "zod";
import { Reply } from "./reply.ts";

export const RecipientKind = z.enum(["to", "cc", "bcc"]);
export type RecipientKind = z.infer<typeof RecipientKind>;

/** At most this many fields of a recipient, and characters of a field's name and of its text. */
export const FIELD_LIMITS = { fields: 50, name: 64, text: 255 } as const;

const FieldNameSchema = z.string().refine(
  (name) => isFieldName(name),
  `expected a name of 1 to ${FIELD_LIMITS.name} characters, none of them a control character`,
);

/** Whether a recipient's field may be called so. */
export function isFieldName(name: string): boolean {
  return name.isWellFormed() && /^\P{Cc}+$/u.test(name) && [...name].length <= FIELD_LIMITS.name;
}

/** What the sender keeps of a recipient (seed "Le détail par utilisateur"), by names of its own. */
export const RecipientFields = z.record(
  FieldNameSchema,
  z.string().max(FIELD_LIMITS.text).refine(
    (text) => text.isWellFormed(),
    "not well-formed Unicode",
  ),
).refine(
  (fields) => Object.keys(fields).length <= FIELD_LIMITS.fields,
  `more than ${FIELD_LIMITS.fields} fields`,
);
export type RecipientFields = z.infer<typeof RecipientFields>;

const Recipient = z.strictObject({
  address: z.string(),
  kind: RecipientKind,
  /** As the header, or the sender of a blind copy, calls them; absent without one. */
  name: z.string().min(1).max(FIELD_LIMITS.text).optional(),
  fields: RecipientFields.optional(),
});

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
  recipients: z.array(Recipient).min(1),
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
