/** A message read once into a template, from which each recipient's copy is filled. */
import { toBytes, toText } from "../bytes.ts";
import { type Field, type Header, readHeader } from "../header/fields.ts";
import { foldLong } from "../header/fold.ts";
import { hasLongLine, normaliseLineEnds } from "../lines.ts";
import { leavesOf } from "../mime/structure.ts";
import type { Fragment } from "./fragment.ts";
import { compileLeaf } from "./leaf.ts";
import type { Filling } from "./spots.ts";

export interface CompileOptions {
  /** Make room for the pixel. */
  readonly opens: boolean;
  /** Make room for other links. */
  readonly clicks: boolean;
  /** Header fields to leave out, besides Bcc. */
  readonly remove: readonly string[];
}

export interface CopyFilling extends Filling {
  /** Header fields to put on top, in this order; ASCII, each value on one line that fits. */
  prepend: readonly (readonly [name: string, value: string])[];
}

export interface Template {
  /** Position → URL, in order of appearance; a URL that appears twice has two positions. */
  readonly links: readonly string[];
  /** Names of the header fields that stay, lower case. */
  readonly fields: ReadonlySet<string>;
  /** Roughly the memory it holds, bytes. */
  readonly weight: number;
  fill(filling: CopyFilling): Uint8Array<ArrayBuffer>;
}

/** A change to the text: `start` to `end` is replaced. Of two that overlap, the first counts. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string | Fragment;
}

/** Never sent on: the blind copies of a message, and of one sent again (RFC 5322 §3.6.3, §3.6.6). */
const BLIND = ["bcc", "resent-bcc"];

/**
 * Compiles a message. Outside its holes a copy equals the message byte for byte, but for the fields
 * removed, bare line ends, and lines longer than 998 octets. Signed and encrypted messages get no
 * holes.
 */
export function compile(raw: Uint8Array, options: CompileOptions): Template {
  const text = toText(normaliseLineEnds(raw));
  const header = readHeader(text);
  const removed = new Set([...BLIND, ...options.remove.map((name) => name.toLowerCase())]);
  const kept = header.fields.filter((field) => !removed.has(field.name));
  const links: string[] = [];
  const chunks = chunksOf(text, [
    ...headerEdits(text, header, removed),
    ...bodyEdits(text, header, options, links),
  ]);
  return {
    links,
    fields: new Set(kept.map((field) => field.name)),
    weight: 2 * text.length,
    fill(filling) {
      let copy = "";
      for (const [name, value] of filling.prepend) copy += `${name}: ${value}\r\n`;
      for (const chunk of chunks) copy += typeof chunk === "string" ? chunk : chunk(filling);
      return toBytes(copy);
    },
  };
}

function headerEdits(text: string, header: Header, removed: ReadonlySet<string>): Edit[] {
  const long = hasLongLine(text.slice(header.start, header.end));
  const edit = ({ name, start, end }: Field): Edit[] => {
    if (removed.has(name)) return [{ start, end, by: "" }];
    return long ? [{ start, end, by: foldLong(text.slice(start, end)) }] : [];
  };
  return header.fields.flatMap(edit);
}

function bodyEdits(
  text: string,
  header: Header,
  options: CompileOptions,
  links: string[],
): Edit[] {
  const nothingToDo = !options.opens && !options.clicks && !hasLongLine(text);
  // Signed or encrypted within the text (RFC 9580 §6.2): as untouchable as in MIME.
  if (nothingToDo || text.includes("-----BEGIN PGP ")) return [];
  const leaves = leavesOf(text, header) ?? [];
  return leaves.flatMap((leaf) => compileLeaf(text, leaf, leaf.header === header, options, links));
}

function chunksOf(text: string, edits: readonly Edit[]): (string | Fragment)[] {
  const chunks: (string | Fragment)[] = [];
  let at = 0;
  for (const { start, end, by } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) continue;
    chunks.push(text.slice(at, start), by);
    at = end;
  }
  chunks.push(text.slice(at));
  return chunks.filter((chunk) => chunk !== "");
}
