/** A message read once into a template, from which each recipient's copy is filled. */
import type { LinkedFile } from "../../events/mod.ts";
import { toBytes, toText } from "../bytes.ts";
import { withoutFiles } from "../files/remove.ts";
import { type Field, type Header, readHeader } from "../header/fields.ts";
import { foldLong } from "../header/fold.ts";
import { hasLongLine, normaliseLineEnds } from "../lines.ts";
import { findOptionsParts } from "../options_part.ts";
import { withAlternative } from "./alternative.ts";
import { applied, cutAt, type Edit } from "./edit.ts";
import { rewriteBody } from "./rewrite.ts";
import type { Filling } from "./spots.ts";

export interface CompileOptions {
  /** Make room for the pixel. */
  readonly opens: boolean;
  /** Make room for other links. */
  readonly clicks: boolean;
  /** Add HTML to text, and text to HTML. */
  readonly alternative: boolean;
  /** Words of a link to unsubscribe at the end, unless the sender put a placeholder; null for none. */
  readonly footer: string | null;
  /** Header fields to leave out, besides Bcc. */
  readonly remove: readonly string[];
  /** Name of the sender's options, whose files are left out; null where there are none. */
  readonly optionsName: string | null;
  /** Files that stand behind links instead (`findFiles`). */
  readonly files: readonly LinkedFile[];
}

export interface CopyFilling extends Filling {
  /** Header fields to put on top, in this order; ASCII, each value folded so that it fits. */
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

/** Never sent on: the blind copies of a message, and of one sent again (RFC 5322 §3.6.3, §3.6.6). */
const BLIND = ["bcc", "resent-bcc"];

/**
 * Compiles a message. Outside its holes, and what `options` add and take away, a copy equals the
 * message byte for byte, but for bare line ends and lines longer than 998 octets. Signed and
 * encrypted messages get no holes.
 */
export function compile(raw: Uint8Array, options: CompileOptions): Template {
  const text = reshaped(toText(normaliseLineEnds(raw)), options);
  const header = readHeader(text);
  const removed = new Set([...BLIND, ...options.remove.map((name) => name.toLowerCase())]);
  const kept = header.fields.filter((field) => !removed.has(field.name));
  const body = rewriteBody(text, header, options);
  const chunks = cutAt(text, [...headerEdits(text, header, removed), ...body.edits]);
  return {
    links: body.links,
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

/** The message with the parts that all copies have, and no others. */
export function reshaped(
  text: string,
  { optionsName, alternative, files }: CompileOptions,
): string {
  const parts = optionsName === null
    ? []
    : findOptionsParts(text, readHeader(text), optionsName).parts;
  const own = files.length > 0
    ? withoutFiles(text, files, parts)
    : applied(text, parts.map(({ start, end }) => ({ start, end, by: "" })));
  return alternative ? withAlternative(own) : own;
}

function headerEdits(text: string, header: Header, removed: ReadonlySet<string>): Edit[] {
  const long = hasLongLine(text.slice(header.start, header.end));
  const edit = ({ name, start, end }: Field): Edit[] => {
    if (removed.has(name)) return [{ start, end, by: "" }];
    return long ? [{ start, end, by: foldLong(text.slice(start, end)) }] : [];
  };
  return header.fields.flatMap(edit);
}
