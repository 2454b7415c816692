/** Base64url without padding (RFC 4648 §5), strict: each byte string has exactly one text form. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OPTIONS = { alphabet: "base64url" } as const;

export function encodeBase64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Null for padding, foreign characters, impossible lengths and unused bits that are not zero. */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(lengthOf(text));
  return decodeBase64urlInto(text, bytes) < 0 ? null : bytes;
}

/** Number of bytes written; -1 where {@link decodeBase64url} gives null, or when there is no room. */
export function decodeBase64urlInto(text: string, into: Uint8Array): number {
  const length = lengthOf(text);
  if (length > into.length || !isShortest(text)) return -1;
  try {
    // It takes padding and white space too: then there are fewer bytes than letters make.
    return into.setFromBase64(text, OPTIONS).written === length ? length : -1;
  } catch {
    return -1;
  }
}

/** Bytes that so many letters stand for. */
function lengthOf(text: string): number {
  return Math.floor(text.length * 3 / 4);
}

/** Whether the last letter says nothing that is not in the bytes. */
function isShortest(text: string): boolean {
  const rest = text.length % 4;
  if (rest === 0) return true;
  const unused = rest === 3 ? 0b11 : 0b1111;
  return rest !== 1 && (ALPHABET.indexOf(text[text.length - 1]!) & unused) === 0;
}
