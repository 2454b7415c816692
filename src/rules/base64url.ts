/** Base64url without padding (RFC 4648 §5), strict: each byte string has exactly one text form. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** What each UTF-16 code unit stands for; -1, which no shift or OR makes positive, for nothing. */
const VALUE = new Int8Array(0x10000).fill(-1);
for (let i = 0; i < 64; i++) VALUE[ALPHABET.charCodeAt(i)] = i;
/** Two characters for each 12 bits: half the look-ups. */
const PAIRS = Array.from({ length: 4096 }, (_, n) => ALPHABET[n >> 6]! + ALPHABET[n & 63]!);

export function encodeBase64url(bytes: Uint8Array): string {
  let text = "";
  const whole = bytes.length - bytes.length % 3;
  for (let i = 0; i < whole; i += 3) {
    const n = bytes[i]! << 16 | bytes[i + 1]! << 8 | bytes[i + 2]!;
    text += PAIRS[n >> 12]! + PAIRS[n & 4095]!;
  }
  const left = bytes.length - whole;
  if (left === 1) text += PAIRS[bytes[whole]! << 4]!;
  if (left === 2) {
    const n = bytes[whole]! << 8 | bytes[whole + 1]!;
    text += PAIRS[n >> 4]! + ALPHABET[(n & 15) << 2]!;
  }
  return text;
}

/** Null for padding, foreign characters, impossible lengths and unused bits that are not zero. */
export function decodeBase64url(text: string): Uint8Array | null {
  const rest = text.length % 4;
  if (rest === 1) return null;
  const bytes = new Uint8Array(Math.floor(text.length * 3 / 4));
  const value = (i: number) => VALUE[text.charCodeAt(i)]!;
  const whole = text.length - rest;
  let at = 0;
  for (let i = 0; i < whole; i += 4) {
    const n = value(i) << 18 | value(i + 1) << 12 | value(i + 2) << 6 | value(i + 3);
    if (n < 0) return null;
    bytes[at++] = n >> 16;
    bytes[at++] = n >> 8;
    bytes[at++] = n;
  }
  if (rest === 0) return bytes;
  const third = rest === 3 ? value(whole + 2) : 0;
  const n = value(whole) << 12 | value(whole + 1) << 6 | third;
  const unused = rest === 3 ? 0b11 : 0b1111_000000;
  if (n < 0 || (n & unused) !== 0) return null;
  bytes[at++] = n >> 10;
  if (rest === 3) bytes[at] = n >> 2;
  return bytes;
}
