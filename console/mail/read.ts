/** Raw mail as a reader sees it. */
import PostalMime, { type Address, type Attachment } from "postal-mime";

export interface ReadMail {
  subject: string;
  from: string;
  to: string;
  cc: string;
  /** As the mail says it; null without. */
  date: string | null;
  html: string | null;
  text: string | null;
  /** In order, duplicates included, unfolded. */
  headers: { name: string; value: string }[];
  attachments: MailFile[];
}

export interface MailFile {
  /** Empty when the mail gives none. */
  name: string;
  type: string;
  content: Uint8Array;
  /** Without angle brackets; null when no Content-ID. */
  contentId: string | null;
  /** Shown inside the HTML. */
  embedded: boolean;
}

/** Null when the mail is too broken, or nested too deeply, to be parsed. */
export async function readMail(raw: Uint8Array): Promise<ReadMail | null> {
  const parsed = await PostalMime.parse(raw).catch(() => null);
  if (parsed === null) return null;
  return {
    subject: parsed.subject ?? "",
    from: addresses(parsed.from === undefined ? [] : [parsed.from]),
    to: addresses(parsed.to),
    cc: addresses(parsed.cc),
    date: parsed.date ?? null,
    html: parsed.html ?? null,
    text: parsed.text ?? null,
    headers: parsed.headers.map(({ originalKey, value }) => ({ name: originalKey, value })),
    attachments: parsed.attachments.map(fileOf),
  };
}

function addresses(list: Address[] = []): string {
  return list.map((entry) => {
    if (entry.group !== undefined) return `${entry.name}: ${addresses(entry.group)};`;
    return entry.name === "" ? entry.address : `${entry.name} <${entry.address}>`;
  }).join(", ");
}

function fileOf({ filename, mimeType, content, contentId, related }: Attachment): MailFile {
  return {
    name: filename ?? "",
    type: mimeType,
    content: typeof content === "string"
      ? new TextEncoder().encode(content)
      : new Uint8Array(content),
    contentId: contentId?.replace(/^<|>$/g, "") ?? null,
    embedded: related ?? false,
  };
}
