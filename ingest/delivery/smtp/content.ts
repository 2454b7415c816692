/** A message as DATA carries it: dot-stuffed, and ended by a line with a single dot (RFC 5321 §4.5.2). */

const ONE_DOT = Buffer.from(".");
const END = Buffer.from(".\r\n");
const CRLF_END = Buffer.from("\r\n.\r\n");

/** @param message with CRLF line ends. The parts are views of it wherever nothing is added. */
export function contentParts(message: Uint8Array): Buffer[] {
  const bytes = Buffer.from(message.buffer, message.byteOffset, message.length);
  // The engine searches text many times as fast as bytes.
  const text = bytes.toString("latin1");
  const parts: Buffer[] = [];
  if (text.startsWith(".")) parts.push(ONE_DOT);
  let from = 0;
  for (let at = text.indexOf("\r\n."); at >= 0; at = text.indexOf("\r\n.", at + 2)) {
    parts.push(bytes.subarray(from, at + 2), ONE_DOT);
    from = at + 2;
  }
  parts.push(bytes.subarray(from));
  parts.push(text === "" || text.endsWith("\r\n") ? END : CRLF_END);
  return parts;
}

/** Whether any byte is outside ASCII: the message then needs 8BITMIME (RFC 6152). */
export function isEightBit(message: Uint8Array): boolean {
  // Four bytes at a time where they lie aligned: this runs over every copy.
  const lead = Math.min((4 - message.byteOffset % 4) % 4, message.length);
  const count = Math.floor((message.length - lead) / 4);
  const words = new Uint32Array(message.buffer, count === 0 ? 0 : message.byteOffset + lead, count);
  for (let i = 0; i < count; i++) if ((words[i]! & 0x80808080) !== 0) return true;
  for (let i = 0; i < lead; i++) if (message[i]! > 0x7f) return true;
  for (let i = lead + count * 4; i < message.length; i++) if (message[i]! > 0x7f) return true;
  return false;
}
