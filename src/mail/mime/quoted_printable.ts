/** Quoted-printable (RFC 2045 §6.7), with a map from the decoded text back to the encoded one. */

/** Characters on a line, without the `=` of a soft line break. */
export const QP_LINE = 75;

export interface DecodedQp {
  readonly text: string;
  /** Where the decoded character at `offset` starts in the encoded text; ask in ascending order. */
  encodedOffset(offset: number): number;
}

const ESCAPE = /=(?:([0-9A-Fa-f]{2})|[ \t]*\r\n)/g;

/** What is no valid escape stands for itself, as readers do it. */
export function decodeQp(encoded: string): DecodedQp {
  // At decoded offset from[i] and behind it, the encoded offset is larger by shift[i].
  const from: number[] = [];
  const shift: number[] = [];
  let text = "";
  let at = 0;
  for (const found of encoded.matchAll(ESCAPE)) {
    text += encoded.slice(at, found.index);
    at = found.index + found[0].length;
    if (found[1] !== undefined) text += String.fromCharCode(parseInt(found[1], 16));
    from.push(text.length);
    shift.push(at - text.length);
  }
  text += encoded.slice(at);

  let next = 0;
  return {
    text,
    encodedOffset(offset) {
      while (next < from.length && from[next]! <= offset) next++;
      return next === 0 ? offset : offset + shift[next - 1]!;
    },
  };
}

const UNSAFE = /[^\t\r\n -<>-~]/g;

/** Escapes characters, without line breaks of its own. `text` has CRLF line ends or none. */
export function escapeQp(text: string): string {
  return text.replace(UNSAFE, escapeChar).replace(/[ \t](?=\r\n|$)/g, escapeChar);
}

const ESCAPES = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`,
);

function escapeChar(char: string): string {
  return ESCAPES[char.charCodeAt(0)]!;
}

/** Encodes text with CRLF line ends, in lines of at most 76 characters. */
export function encodeQp(text: string): string {
  return wrapQp(escapeQp(text));
}

/** Puts soft line breaks into escaped text wherever a line is longer than `QP_LINE`. */
export function wrapQp(escaped: string): string {
  let wrapped = "";
  let at = 0;
  while (at < escaped.length) {
    let lineEnd = escaped.indexOf("\r\n", at);
    if (lineEnd < 0) lineEnd = escaped.length;
    while (lineEnd - at > QP_LINE) {
      const end = at + pieceLength(escaped, at, QP_LINE);
      wrapped += `${escaped.slice(at, end)}=\r\n`;
      at = end;
    }
    wrapped += escaped.slice(at, lineEnd + 2);
    at = lineEnd + 2;
  }
  return wrapped;
}

/** How many characters from `at` fit into `room` (3 or more) without cutting an escape in two. */
export function pieceLength(escaped: string, at: number, room: number): number {
  const left = escaped.length - at;
  if (left <= room) return left;
  for (let back = 1; back <= 2; back++) {
    if (escaped.charCodeAt(at + room - back) === 61) return room - back;
  }
  return room;
}
