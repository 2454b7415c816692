/** A message from the world, read once: what its header says, and its parts. */
import { Buffer } from "node:buffer";
import { decodeWords, type Part, readParts } from "@chappe/src/mail";
import { type Fields, readGroups } from "./fields.ts";

export interface Incoming {
  /** MAIL FROM; empty for the null reverse-path. */
  readonly mailFrom: string;
  /** The header, byte text: one character per byte. */
  readonly header: Fields;
  /** Readable (RFC 2047). */
  readonly from: string;
  readonly subject: string;
  readonly parts: readonly Part[];
  /** What a person would read first of it, line ends LF, a little of it. */
  readonly text: string;
}

/** Beyond it a header is nobody's honest work, bytes. */
const MAX_HEADER = 64 * 1024;
/** Reasons stand at the top. */
const MAX_TEXT = 16 * 1024;
const NO_FIELDS: Fields = new Map();

/** Never throws. `raw` may be the beginning of a message only. */
export function readIncoming(raw: Uint8Array, mailFrom: string): Incoming {
  const head = Buffer.from(raw.buffer, raw.byteOffset, Math.min(raw.length, MAX_HEADER))
    .toString("latin1");
  const end = /\r?\n\r?\n/.exec(head)?.index ?? head.length;
  const header = readGroups(head.slice(0, end))[0] ?? NO_FIELDS;
  const parts = readParts(raw);
  return {
    mailFrom,
    header,
    from: decodeWords(header.get("from") ?? ""),
    subject: decodeWords(header.get("subject") ?? ""),
    parts,
    text: readable(parts),
  };
}

function readable(parts: readonly Part[]): string {
  const plain = parts.find(({ type }) => type === "text/plain")?.text(MAX_TEXT) ?? "";
  const text = plain.trim() !== ""
    ? plain
    : withoutTags(parts.find(({ type }) => type === "text/html")?.text(MAX_TEXT) ?? "");
  return text.replaceAll("\r\n", "\n");
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  nbsp: " ",
  "#39": "'",
};

/** Good enough to look for words in; what is shown to nobody need not be exact. */
function withoutTags(html: string): string {
  return html
    .replace(/<\/(?:p|div|tr|h\d|li)>|<br[^<>]*>/gi, "\n")
    .replace(/<[^<>]*>/g, " ")
    .replace(/&(lt|gt|amp|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name]!)
    .replace(/[ \t]+/g, " ");
}
