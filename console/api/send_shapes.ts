/** What `POST /messages` takes and gives. */
import { FIELD_LIMITS, RecipientFieldsSchema } from "@chappe/src/events";
import { MessageOptions } from "@chappe/src/mail";
import * as z from "zod";

// deno-lint-ignore no-control-regex -- none of them belongs into a header field
const CONTROL = /[\x00-\x1f\x7f]/;
/** As far as it matters here; envelope and header are checked as those of any message. */
const ADDRESS = /^[^\s<>]{1,256}@[^\s<>@]{1,255}$/;
const TOKEN = "[\\w!#$&^.+-]+";
const MEDIA_TYPE = new RegExp(`^(?!multipart/)${TOKEN}/${TOKEN}( *; *[^;]+)*$`, "i");
/** Fields with a place of their own in the request, or that describe how the message is made. */
const RESERVED =
  /^(from|to|cc|bcc|reply-to|subject|mime-version|content-.*|return-path|received)$/i;

const Line = z.string().max(998).refine((text) => !CONTROL.test(text), "expected a single line");
const Address = z.string().regex(ADDRESS, "expected an address: name@example.com");
const PersonShape = z.union([
  Address.transform((email) => ({ email })),
  z.strictObject({ email: Address, name: Line.optional() }),
], "expected an address, or {email, name}");

/** Of each recipient, what the sender keeps of them. */
const Fields = z.preprocess((given, context) => {
  // A record would leave it out without a word.
  if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
    const path = ["__proto__"];
    context.issues.push({
      code: "custom",
      message: "no field can be called so",
      path,
      input: given,
    });
  }
  return given;
}, RecipientFieldsSchema).describe(
  `The sender's own fields, name → text: at most ${FIELD_LIMITS.fields}, of ${FIELD_LIMITS.text} ` +
    "characters. Columns of lists, as `fields.<name>`; they stand in no copy",
);
const RecipientShape = z.union([
  Address.transform((email): { email: string; name?: string; fields?: z.infer<typeof Fields> } => ({
    email,
  })),
  z.strictObject({ email: Address, name: Line.optional(), fields: Fields.optional() }),
], "expected an address, or {email, name, fields}");
const Recipients = z.array(RecipientShape).default([]);

const Base64 = z.string().transform((text, context) => {
  try {
    return Uint8Array.fromBase64(text);
  } catch {
    context.issues.push({ code: "custom", message: "expected base64 (RFC 4648 §4)", input: "" });
    return z.NEVER;
  }
}).describe("base64 (RFC 4648 §4)");

const AttachmentShape = z.strictObject({
  filename: Line.min(1).max(255),
  contentType: Line.regex(MEDIA_TYPE, "expected a media type that has no parts")
    .default("application/octet-stream"),
  content: Base64,
  contentId: z.string().regex(/^[!-;=?-~]{1,250}$/, "expected ASCII, no <>")
    .optional().describe("The HTML refers to it as `cid:…`"),
  inline: z.boolean().default(false).describe("Shown within the message"),
});

const Headers = z.record(
  z.string().regex(/^[!-9;-~]{1,76}$/, "expected the name of a header field")
    .refine((name) => !RESERVED.test(name), "this field cannot be set here"),
  Line,
).default({}).describe("Further header fields");

export const NewMessage = z.strictObject({
  from: PersonShape,
  to: Recipients,
  cc: Recipients,
  bcc: Recipients.describe("These get a copy, and nobody sees them"),
  replyTo: z.union([PersonShape.transform((one) => [one]), z.array(PersonShape)]).optional(),
  subject: Line.default(""),
  text: z.string().optional(),
  html: z.string().optional(),
  headers: Headers,
  attachments: z.array(AttachmentShape).max(100).default([]),
  options: MessageOptions.optional().describe("As in the options header"),
  returnPath: z.union([z.literal(""), Address]).optional()
    .describe("Envelope sender, the address of `from` unless given; empty: none"),
}).superRefine(({ to, cc, bcc, text, html, attachments }, context) => {
  const missing = (field: string, message: string) =>
    context.addIssue({ code: "custom", path: [field], message });
  if (to.length + cc.length + bcc.length === 0) missing("to", "name a recipient: to, cc or bcc");
  if (text === undefined && html === undefined && attachments.length === 0) {
    missing("text", "give text, html or attachments");
  }
});
export type NewMessage = z.infer<typeof NewMessage>;

export const SendQuery = z.strictObject({
  to: z.string().transform((text) => text.split(",").map((address) => address.trim()))
    .describe("With message/rfc822: recipients, separated by commas; To, Cc and Bcc without it")
    .optional(),
  returnPath: Address.describe("With message/rfc822: envelope sender; From without it").optional(),
});
export type SendQuery = z.infer<typeof SendQuery>;

export const SentMessage = z.strictObject({
  id: z.uuid(),
  recipients: z.array(z.strictObject({
    index: z.int().nonnegative(),
    recipient: z.string(),
    type: z.enum(["to", "cc", "bcc"]),
  })).describe("One for each copy; an address named twice gets one"),
});
export type SentMessage = z.infer<typeof SentMessage>;
