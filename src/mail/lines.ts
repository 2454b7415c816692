/** Line ends and line lengths (RFC 5321 §2.3.8, §4.5.3.1.6). */
import { toText } from "./bytes.ts";

/** Octets a line may have, its CRLF apart (RFC 5322 §2.1.1). */
export const LINE_LIMIT = 998;

const CR = 13;
const LF = 10;
const BARE = /\r(?!\n)|(?<!\r)\n/;

/**
 * The message with every bare CR and bare LF made a CRLF, so that no receiver can see another line,
 * or another end of data, than we do. Gives the same array back when there is nothing to do.
 */
export function normaliseLineEnds(raw: Uint8Array): Uint8Array {
  // The engine searches text many times as fast as a loop does bytes, and most mail is clean.
  if (!BARE.test(toText(raw))) return raw;
  const bare = countBare(raw);
  const clean = new Uint8Array(raw.length + bare);
  let to = 0;
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]!;
    if (byte !== CR && byte !== LF) {
      clean[to++] = byte;
      continue;
    }
    clean[to++] = CR;
    clean[to++] = LF;
    if (byte === CR && raw[i + 1] === LF) i++;
  }
  return clean;
}

function countBare(raw: Uint8Array): number {
  let bare = 0;
  let before = 0;
  for (let i = 0; i < raw.length; i++) {
    const byte = raw[i]!;
    if (byte === LF) {
      if (before !== CR) bare++;
    } else if (before === CR) bare++;
    before = byte;
  }
  return before === CR ? bare + 1 : bare;
}

/** Whether a line of the text (lines end with CRLF) is longer than `LINE_LIMIT`. */
export function hasLongLine(text: string): boolean {
  let start = 0;
  while (text.length - start > LINE_LIMIT) {
    const end = text.lastIndexOf("\r\n", start + LINE_LIMIT);
    if (end < start) return true;
    start = end + 2;
  }
  return false;
}

/** Length of the text's first line, without its CRLF. */
export function firstLineLength(text: string): number {
  const end = text.indexOf("\r\n");
  return end < 0 ? text.length : end;
}

/** Column after `text` when it starts in column `column`. */
export function columnAfter(text: string, column: number): number {
  const end = text.lastIndexOf("\n");
  return end < 0 ? column + text.length : text.length - end - 1;
}
