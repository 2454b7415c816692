/** Base64url without padding (RFC 4648 §5), strict: each byte string has exactly one text form. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** What each UTF-16 code unit stands for; -1, which no shift or OR makes positive, for nothing. */
const VALUE = new Int8Array(0x10000).fill(-1);
for (let i = 0; i < 64; i++) VALUE[ALPHABET.charCodeAt(i)] = i;

export function encodeBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
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
