/** Base64url without padding (RFC 4648 §5), strict: each byte string has exactly one text form. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = new Uint8Array(128).fill(255);
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
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const value = code < 128 ? VALUE[code]! : 255;
    if (value === 255) return null;
    held = (held << 6 | value) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes[at++] = held >> (bits -= 8) & 0xff;
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}
