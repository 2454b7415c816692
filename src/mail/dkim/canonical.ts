/** Relaxed canonicalisation (RFC 6376 §3.4.2, §3.4.4). */
import { type Field, valueOf } from "../header/fields.ts";

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;

/** `name:value`, without CRLF. */
export function relaxedField(text: string, field: Field): string {
  return `${field.name}:${valueOf(text, field).replace(/[ \t]+/g, " ")}`;
}

/**
 * The body with runs of white space made one space, none at line ends, and no empty lines at the
 * end; empty when nothing else is in it. Lines end with CRLF.
 */
export function relaxedBody(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const relaxed = new Uint8Array(body.length + 2);
  let to = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i]!;
    if (byte > SPACE) {
      relaxed[to++] = byte;
    } else if (byte === SPACE || byte === TAB) {
      if (to === 0 || relaxed[to - 1] !== SPACE) relaxed[to++] = SPACE;
    } else {
      if (byte === CR && to > 0 && relaxed[to - 1] === SPACE) to--;
      relaxed[to++] = byte;
    }
  }
  while (to > 0 && endsLine(relaxed[to - 1]!)) to--;
  if (to === 0) return relaxed.subarray(0, 0);
  relaxed[to] = CR;
  relaxed[to + 1] = LF;
  return relaxed.subarray(0, to + 2);
}

function endsLine(byte: number): boolean {
  return byte === LF || byte === CR || byte === SPACE;
}
