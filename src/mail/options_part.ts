/** The sender's options as a file in the message: JSON, named as the options header is (seed). */
import { toText } from "./bytes.ts";
import { fieldsOf, type Header, readHeader, valueOf } from "./header/fields.ts";
import { parseParametrised } from "./header/parameters.ts";
import { cutOf } from "./mime/cut.ts";
import { decodeTransfer } from "./mime/parts.ts";
import { type PartSeen, walkParts } from "./mime/walk.ts";

/** Encoded bytes looked at; all values at their longest have a fifth of it. */
const LONGEST = 64 * 1024;

export interface OptionsPart {
  /** What to cut out of the text: the parts before and behind then stand as if it had never been. */
  readonly start: number;
  readonly end: number;
  /** Its content, transfer encoding undone. */
  readonly value: string;
}

export interface OptionsParts {
  readonly parts: readonly OptionsPart[];
  /** Why no real mail program can have made this message; null when one can. */
  readonly problem: string | null;
}

/**
 * Finds the parts whose file name (`filename`, `name`) is `name` or `name.json`, or that are JSON
 * with such a Content-ID or Content-Description; case does not matter. What is signed or encrypted
 * is not looked into.
 *
 * @param text a message as byte text with whole line ends (`normaliseLineEnds`)
 */
export function findOptionsParts(text: string, header: Header, name: string): OptionsParts {
  const wanted = new Set([name.toLowerCase(), `${name.toLowerCase()}.json`]);
  const parts: OptionsPart[] = [];
  const problem = walkParts(text, header, (part) => {
    if (part.within === null || part.type.value.startsWith("multipart/")) return;
    if (namesOf(text, part).some((found) => wanted.has(found.toLowerCase()))) {
      parts.push({ ...cutOf(text, part, part.within), value: contentOf(text, part) });
    }
  });
  return { parts, problem };
}

/**
 * The same, of a whole message: what its options files say, and whether its parts are such as mail
 * has. Never throws.
 *
 * @param raw with whole line ends (`normaliseLineEnds`)
 */
export function inspectParts(
  raw: Uint8Array,
  name: string,
): { options: string[]; problem: string | null } {
  const text = toText(raw);
  const { parts, problem } = findOptionsParts(text, readHeader(text), name);
  return { options: parts.map(({ value }) => value), problem };
}

function namesOf(text: string, { header, type }: PartSeen): string[] {
  const value = (name: string) => fieldsOf(header, name).map((field) => valueOf(text, field));
  const disposition = parseParametrised(value("content-disposition")[0] ?? "");
  const files = [type.parameters.get("name"), disposition.parameters.get("filename")]
    .flatMap((given) => given ?? [])
    // With a charset in front where it is written as RFC 2231 has it.
    .map((given) => given.replace(/^[\w-]*'[\w-]*'/, ""));
  if (type.value !== "application/json") return files;
  const ids = value("content-id").map((id) => /^<([^@>]*)(?:@[^>]*)?>$/.exec(id)?.[1] ?? id);
  return [...files, ...ids, ...value("content-description")];
}

function contentOf(text: string, { header, end }: PartSeen): string {
  const field = fieldsOf(header, "content-transfer-encoding")[0];
  const encoding = field === undefined ? "" : parseParametrised(valueOf(text, field)).value;
  const content = text.slice(header.bodyStart, Math.min(end, header.bodyStart + LONGEST));
  return decodeTransfer(content, encoding);
}
