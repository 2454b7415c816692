/** Base64url without padding (RFC 4648 §5), strict: each byte string has exactly one text form. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OPTIONS = { alphabet: "base64url" } as const;

export function encodeBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Null for padding, foreign characters, impossible lengths and unused bits that are not zero. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(lengthOf(text.length));
  return decodeBase64urlInto(text, bytes) < 0 ? null : bytes;
}

/** Number of bytes written; -1 where {@link decodeBase64url} gives null, or when there is no room. */
export function decodeBase64urlInto(text: string, into: Uint8Array): number {
  const length = lengthOf(text.length);
  if (length > into.length || !isShortest(text)) return -1;
  try {
    // It takes padding and white space too: then there are fewer bytes than letters make.
    return into.setFromBase64(text, OPTIONS).written === length ? length : -1;
  } catch {
    return -1;
  }
}

/** What each byte stands for as a letter; 64 for none. */
const VALUES = new Uint8Array(256).fill(64);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** The same from letters that stand in bytes, which takes less than making a text of them. */
export function decodeBase64urlBytes(
  letters: Uint8Array,
  from: number,
  to: number,
  into: Uint8Array,
): number {
  const length = lengthOf(to - from);
  if (length > into.length || (to - from) % 4 === 1) return -1;
  let wrong = 0;
  let at = 0;
  let i = from;
  for (; i + 3 < to; i += 4) {
    const a = VALUES[letters[i]!]!;
    const b = VALUES[letters[i + 1]!]!;
    const c = VALUES[letters[i + 2]!]!;
    const d = VALUES[letters[i + 3]!]!;
    wrong |= a | b | c | d;
    into[at++] = a << 2 | b >> 4;
    into[at++] = b << 4 | c >> 2;
    into[at++] = c << 6 | d;
  }
  if (i < to) { // Two letters or three, whose last bits are zero.
    const a = VALUES[letters[i]!]!;
    const b = VALUES[letters[i + 1]!]!;
    const c = i + 2 < to ? VALUES[letters[i + 2]!]! : 0;
    const unused = i + 2 < to ? c & 0b11 : b & 0b1111;
    wrong |= a | b | c | unused << 6;
    into[at++] = a << 2 | b >> 4;
    if (i + 2 < to) into[at++] = b << 4 | c >> 2;
  }
  return wrong > 63 ? -1 : length;
}

/** Bytes that so many letters stand for. */
function lengthOf(letters: number): number {
  return Math.floor(letters * 3 / 4);
}

/** Whether the last letter says nothing that is not in the bytes. */
function isShortest(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 0) return true;
  const unused = rest === 3 ? 0b11 : 0b1111;
  return rest !== 1 && (ALPHABET.indexOf(text[text.length - 1]!) & unused) === 0;
}
