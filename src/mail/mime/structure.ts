/** The parts of a message (RFC 2046), by their offsets in it. */
import { type Field, fieldsOf, type Header, readHeader, valueOf } from "../header/fields.ts";
import { type Parametrised, parseParametrised } from "../header/parameters.ts";

/** Nesting and number beyond which a message is left as it is: no real one has as many. */
export const MAX_DEPTH = 32;
export const MAX_PARTS = 1000;

/** A part, and those it holds. */
export interface Node {
  readonly header: Header;
  readonly end: number;
  readonly type: Parametrised;
  /** Transfer encoding, lower case; `7bit` where none is given (RFC 2045 §6.1). */
  readonly encoding: string;
  readonly encodingField: Field | null;
  /** Whether it is a file rather than something to read: an attachment, or named. */
  readonly file: boolean;
  /** Null when it holds no further parts, or none that are looked into. */
  readonly parts: readonly Node[] | null;
  /** False when its header contradicts itself, or its parts do not begin and end as they should. */
  readonly sound: boolean;
}

/** Signed or encrypted as a whole: any change would break it (RFC 1847, RFC 8551, RFC 3156). */
export const SEALED = new Set([
  "multipart/signed",
  "multipart/encrypted",
  "application/pkcs7-mime",
  "application/x-pkcs7-mime",
  "application/pgp",
  "application/pgp-encrypted",
]);

/**
 * The message as a tree, or null when it must not be touched: part of it is signed or encrypted, or
 * it has too many parts or too deep ones.
 */
export function readTree(text: string, header: Header): Node | null {
  let parts = 0;

  function walk(part: Header, end: number, depth: number): Node | null {
    if (++parts > MAX_PARTS || depth > MAX_DEPTH) return null;
    const types = fieldsOf(part, "content-type");
    const encodings = fieldsOf(part, "content-transfer-encoding");
    const type = parseParametrised(types[0] === undefined ? "text/plain" : valueOf(text, types[0]));
    if (SEALED.has(type.value)) return null;
    const encodingField = encodings[0] ?? null;
    const encoding = encodingField === null
      ? "7bit"
      : parseParametrised(valueOf(text, encodingField)).value;
    const file = isFile(part, type);
    const node = { header: part, end, type, encoding, encodingField, file, parts: null };
    if (types.length > 1 || encodings.length > 1) return { ...node, sound: false };
    if (!type.value.startsWith("multipart/")) return { ...node, sound: true };
    const boundary = type.parameters.get("boundary");
    if (!boundary || (encoding !== "7bit" && encoding !== "8bit" && encoding !== "binary")) {
      return { ...node, sound: false };
    }
    const inner: Node[] = [];
    for (const [from, to] of partsOf(text, part.bodyStart, end, boundary)) {
      const child = walk(readHeader(text, from, to), to, depth + 1);
      if (child === null) return null;
      inner.push(child);
    }
    const last = inner.at(-1)?.end;
    const sound = last !== undefined && isClosed(text, last, boundary);
    return { ...node, parts: inner, sound };
  }

  function isFile(part: Header, type: Parametrised): boolean {
    const field = fieldsOf(part, "content-disposition")[0];
    if (type.parameters.has("name")) return true;
    if (field === undefined) return false;
    const disposition = parseParametrised(valueOf(text, field));
    return disposition.value !== "inline" || disposition.parameters.has("filename");
  }

  return walk(header, text.length, 0);
}

/**
 * The parts that hold no further ones, in order of appearance. One whose header contradicts itself is
 * left out.
 */
export function leavesOf(node: Node): Node[] {
  if (node.parts !== null) return node.parts.flatMap(leavesOf);
  return node.sound ? [node] : [];
}

/** Whether the closing delimiter stands behind the last part; before an empty one's, no line end. */
function isClosed(text: string, end: number, boundary: string): boolean {
  const delimiter = `--${boundary}--`;
  return text.startsWith(`\r\n${delimiter}`, end) || text.startsWith(delimiter, end);
}

/** Start and end of each body part; the CRLF before a delimiter belongs to it (RFC 2046 §5.1.1). */
export function partsOf(
  text: string,
  start: number,
  end: number,
  boundary: string,
): [number, number][] {
  const delimiter = `--${boundary}`;
  // A slice, so that no search runs on behind the end.
  const body = text.slice(start, end);
  const parts: [number, number][] = [];
  let partStart = -1;
  let at = 0;
  while (parts.length <= MAX_PARTS) {
    const found = nextDelimiter(body, delimiter, at);
    const partEnd = found === null ? body.length : Math.max(found.start - 2, partStart);
    if (partStart >= 0) parts.push([start + partStart, start + partEnd]);
    if (found === null || found.last) break;
    partStart = at = found.end;
  }
  return parts;
}

/** The next whole line that is the delimiter, white space allowed behind it. */
function nextDelimiter(
  body: string,
  delimiter: string,
  from: number,
): { start: number; end: number; last: boolean } | null {
  // Looked for with the line end before it: a body full of dashes then has nothing to look at twice.
  const line = `\n${delimiter}`;
  let start = from === 0 && body.startsWith(delimiter) ? 0 : after(body.indexOf(line, from - 1));
  for (; start >= 0; start = after(body.indexOf(line, start))) {
    let at = start + delimiter.length;
    const last = body.startsWith("--", at);
    if (last) at += 2;
    while (body[at] === " " || body[at] === "\t") at++;
    if (at >= body.length) return { start, end: at, last };
    if (body.startsWith("\r\n", at)) return { start, end: at + 2, last };
  }
  return null;
}

/** Behind the line end that was found, if it was. */
function after(found: number): number {
  return found < 0 ? -1 : found + 1;
}
