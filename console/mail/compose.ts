/** Makes a message of its pieces, by nodemailer's composer. */
import { Buffer } from "node:buffer";
import MailComposer from "nodemailer/lib/mail-composer";

export interface Person {
  readonly email: string;
  /** Shown before the address. */
  readonly name?: string;
}

export interface Attachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** By what the HTML refers to it: `cid:…`. */
  readonly contentId?: string;
  /** Shown within the message (RFC 2183 §2.1). */
  readonly inline: boolean;
}

/** Nobody stands here who is not to be seen: blind copies are a matter of the envelope. */
export interface Letter {
  readonly from: Person;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly replyTo?: readonly Person[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** Further fields by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly Attachment[];
}

/** The message (RFC 5322), with Date and Message-ID where `headers` brings none. */
export function compose(letter: Letter): Promise<Uint8Array> {
  const { from, to, cc, replyTo, subject, text, html, headers, attachments } = letter;
  return new MailComposer({
    from: mailbox(from),
    to: to.map(mailbox),
    cc: cc.map(mailbox),
    ...replyTo === undefined ? {} : { replyTo: replyTo.map(mailbox) },
    subject,
    text,
    html,
    headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
    attachments: attachments.map(({ filename, contentType, content, contentId, inline }) => ({
      filename,
      contentType,
      content: Buffer.from(content.buffer, content.byteOffset, content.byteLength),
      ...contentId === undefined ? {} : { cid: contentId },
      contentDisposition: inline ? "inline" : "attachment",
    })),
    // Content is what was given, never what it may name.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile().build();
}

/** As an object, an address is taken as it is; a text might hold several. */
const mailbox = ({ email, name }: Person) => ({ address: email, name: name ?? "" });
