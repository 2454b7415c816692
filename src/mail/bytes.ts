/**
 * Messages as text of one character per byte (U+0000 … U+00FF): offsets in the text are offsets in
 * the bytes, and the engine searches such strings fast. Not for showing to people.
 */
import { Buffer } from "node:buffer";

const encoder = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One character per byte. */
export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

/** One byte per character; the inverse of `toText`. */
export function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  // Everything fits exactly when all is ASCII: the native encoder is 30 times as fast as a loop.
  if (encoder.encodeInto(text, bytes).read === text.length) return bytes;
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Whether every character is ASCII. */
export function isAscii(text: string): boolean {
  return !/[\x80-\uffff]/.test(text);
}

/** Readable form of byte text: UTF-8 where it is that, Windows-1252 otherwise. */
export function decodeText(text: string): string {
  if (isAscii(text)) return text;
  const bytes = toBytes(text);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
