/** Ids of events and messages: UUIDv7 (RFC 9562 §5.7), or derived so that the same cause gives the same id. */
import { sha256 } from "@noble/hashes/sha2.js";

/** What a UTF-16 code unit stands for as a hexadecimal digit; 256 for none. */
const NIBBLE = new Uint16Array(0x10000).fill(256);
for (let i = 0; i < 16; i++) {
  NIBBLE[i.toString(16).charCodeAt(0)] = NIBBLE[i.toString(16).toUpperCase().charCodeAt(0)] = i;
}
const pool = new Uint8Array(4096);
let used = pool.length;
/** Where ids are made: an array for each would cost more than all else. */
const made = new Uint8Array(16);

/** Each byte's two hexadecimal digits, as letters. */
const [HIGH, LOW] = [0, 1].map((digit) =>
  Uint8Array.from(
    { length: 256 },
    (_, byte) => byte.toString(16).padStart(2, "0").charCodeAt(digit),
  )
) as [Uint8Array, Uint8Array];
const DASH = 0x2d;

/**
 * Text form of 16 bytes, from `i` on. Made at one go: one put together from pieces costs twice as much,
 * since it is not one text in memory before somebody looks at its letters.
 */
// deno-fmt-ignore
export function formatUuid(b: Uint8Array, i = 0): string {
  return String.fromCharCode(
    HIGH[b[i]!]!, LOW[b[i]!]!, HIGH[b[i + 1]!]!, LOW[b[i + 1]!]!,
    HIGH[b[i + 2]!]!, LOW[b[i + 2]!]!, HIGH[b[i + 3]!]!, LOW[b[i + 3]!]!, DASH,
    HIGH[b[i + 4]!]!, LOW[b[i + 4]!]!, HIGH[b[i + 5]!]!, LOW[b[i + 5]!]!, DASH,
    HIGH[b[i + 6]!]!, LOW[b[i + 6]!]!, HIGH[b[i + 7]!]!, LOW[b[i + 7]!]!, DASH,
    HIGH[b[i + 8]!]!, LOW[b[i + 8]!]!, HIGH[b[i + 9]!]!, LOW[b[i + 9]!]!, DASH,
    HIGH[b[i + 10]!]!, LOW[b[i + 10]!]!, HIGH[b[i + 11]!]!, LOW[b[i + 11]!]!,
    HIGH[b[i + 12]!]!, LOW[b[i + 12]!]!, HIGH[b[i + 13]!]!, LOW[b[i + 13]!]!,
    HIGH[b[i + 14]!]!, LOW[b[i + 14]!]!, HIGH[b[i + 15]!]!, LOW[b[i + 15]!]!,
  );
}

/** The 16 bytes of a UUID's text form. Throws a `TypeError` on anything else. */
export function parseUuid(text: string): Uint8Array {
  const hex = text.length === 36 ? text.replaceAll("-", "") : text;
  const bytes = new Uint8Array(16);
  let wrong = hex.length - 32;
  for (let i = 0; i < 32; i += 2) {
    const byte = NIBBLE[hex.charCodeAt(i)]! << 4 | NIBBLE[hex.charCodeAt(i + 1)]!;
    wrong |= byte >> 8;
    bytes[i / 2] = byte;
  }
  if (wrong !== 0) throw new TypeError(`not a UUID: ${text.slice(0, 60)}`);
  return bytes;
}

/** A new UUIDv7 for the time `now` (ms UTC): sorts by time, random in its last 74 bits. */
export function uuidv7(now: number): string {
  if (used + 10 > pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const bytes = made;
  for (let i = 6; i < 16; i++) bytes[i] = pool[used++]!;
  // 48 bits: more than the shifts of JavaScript carry.
  const high = Math.floor(now / 0x10000);
  const low = now - high * 0x10000;
  bytes[0] = high >>> 24;
  bytes[1] = high >>> 16;
  bytes[2] = high >>> 8;
  bytes[3] = high;
  bytes[4] = low >>> 8;
  bytes[5] = low;
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(bytes);
}

/** A UUIDv8 that depends only on `parts`: the id of an effect whose cause may be seen twice. */
export function derivedId(...parts: readonly (string | number)[]): string {
  const bytes = sha256(new TextEncoder().encode(JSON.stringify(parts))).slice(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(bytes);
}

/** The time a UUIDv7 was made, ms UTC. */
export function timeOfId(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
