/** Byte-exact reader of a header block (RFC 5322 §2.2), of a message or of a MIME part. */

export interface Field {
  /** Lower case; empty for a line that is neither a field nor a continuation. */
  readonly name: string;
  /** Where the field starts in the text. */
  readonly start: number;
  /** Where its body starts, behind the colon. */
  readonly body: number;
  /** Behind its last CRLF. */
  readonly end: number;
}

export interface Header {
  readonly start: number;
  /** Behind the last field; the empty line, where there is one, stands here. */
  readonly end: number;
  /** Behind the empty line. */
  readonly bodyStart: number;
  readonly fields: readonly Field[];
}

/** printable US-ASCII but colon, RFC 5322 §3.6.8; obsolete syntax allows spaces before the colon. */
const FIELD_NAME = /[!-9;-~]+(?=[ \t]*:)/y;

/**
 * Reads from `start` up to the first empty line, or `limit` where there is none. Lines end with
 * CRLF (`normaliseLineEnds`).
 */
export function readHeader(text: string, start = 0, limit = text.length): Header {
  const fields: Field[] = [];
  let at = start;
  while (at < limit) {
    if (text.startsWith("\r\n", at)) {
      return { start, end: at, bodyStart: Math.min(at + 2, limit), fields };
    }
    const end = fieldEnd(text, at, limit);
    FIELD_NAME.lastIndex = at;
    const name = FIELD_NAME.exec(text)?.[0];
    fields.push(
      name === undefined
        ? { name: "", start: at, body: at, end }
        : { name: name.toLowerCase(), start: at, body: text.indexOf(":", at) + 1, end },
    );
    at = end;
  }
  return { start, end: limit, bodyStart: limit, fields };
}

/** Behind the CRLF that no continuation line follows. */
function fieldEnd(text: string, start: number, limit: number): number {
  let at = start;
  while (true) {
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0 || lineEnd + 2 > limit) return limit;
    at = lineEnd + 2;
    const next = text.charCodeAt(at);
    if (at >= limit || (next !== 32 && next !== 9)) return at;
  }
}

/** The field's body unfolded (RFC 5322 §2.2.3) and without white space around it. */
export function valueOf(text: string, field: Field): string {
  // Not trim(): a byte 0xA0 may be half of a character.
  let { body: start, end } = field;
  while (start < end && isWhite(text.charCodeAt(start))) start++;
  while (end > start && isWhite(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end).replaceAll("\r\n", "");
}

function isWhite(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}

/** All fields of that name (lower case). */
export function fieldsOf(header: Header, name: string): Field[] {
  return header.fields.filter((field) => field.name === name);
}
