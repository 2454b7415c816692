/** What bytes may be part of, in the strict form of RFC 9112. */
export const [NAME, VALUE, TOKEN, QUERY, PATH] = [1, 2, 4, 8, 16] as const;

const CLASSES = new Uint8Array(256);
for (let byte = 0; byte < 128; byte++) {
  const letter = String.fromCharCode(byte);
  if (/[\w!#$%&'*+.^`|~-]/.test(letter)) CLASSES[byte]! |= NAME;
  if (/[\t -~]/.test(letter)) CLASSES[byte]! |= VALUE;
  if (/[\w-]/.test(letter)) CLASSES[byte]! |= TOKEN;
  if (/[!-~]/.test(letter)) CLASSES[byte]! |= QUERY;
  // A path that stands for itself: nothing escaped, no backslash.
  if (/[\w.~!$&'()*+,;=:@/-]/.test(letter)) CLASSES[byte]! |= PATH;
}

export const [CR, LF, COLON, SLASH, QUESTION] = [0x0d, 0x0a, 0x3a, 0x2f, 0x3f];

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** The first place where something else stands. @param what one of the classes above */
export function skip(bytes: Uint8Array, from: number, to: number, what: number): number {
  let at = from;
  while (at < to && (CLASSES[bytes[at]!]! & what) !== 0) at++;
  return at;
}
