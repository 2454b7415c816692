/**
 * What every signed token is made of: bytes written in the one shortest form, closed by a truncated
 * HMAC (hmac.ts).
 */

import { formatUuid } from "../events/id.ts";

const utf8 = new TextEncoder();
// The byte order mark is kept: what is dropped in reading would make two texts of the same bytes.
const text = new TextDecoder("utf-8", { ignoreBOM: true });
const strictText = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Calling the decoder costs more than reading so few letters, as of an account's id. */
const SHORT = 32;

/** A secret and the number it is known by (0…65535). */
export interface SigningKey {
  readonly kid: number;
  readonly secret: Uint8Array;
}

/** Finds a secret. Give the same array each time: the prepared state is kept by its identity. */
export type KeyOf = (kid: number) => Uint8Array | undefined;

/** Whether two byte strings are equal, in a time that depends on their length only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}

/** Writes fields one after another into a buffer that the caller sized. */
export class Writer {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }
  kid(kid: number): void {
    if (!Number.isInteger(kid) || kid < 0 || kid > 0xffff) {
      throw new TypeError(`not a key id: ${kid}`);
    }
    this.byte(kid >> 8);
    this.byte(kid & 0xff);
  }
  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }
  /** UTF-8. */
  text(text: string): void {
    // Calling the encoder costs more than copying the letters of a URL.
    let i = 0;
    for (let code; i < text.length && (code = text.charCodeAt(i)) < 128; i++) this.byte(code);
    if (i < text.length) {
      this.at += utf8.encodeInto(text.slice(i), this.bytes.subarray(this.at)).written;
    }
  }
  /** LEB128, for integers from 0 to 2^31 - 1: one to five bytes. */
  varint(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0x7fffffff) {
      throw new TypeError(`not a small natural number: ${value}`);
    }
    for (; value > 0x7f; value >>>= 7) this.byte((value & 0x7f) | 0x80);
    this.byte(value);
  }
  /** 64 bits. */
  word(value: bigint): void {
    for (let shift = 56n; shift >= 0n; shift -= 8n) this.byte(Number(value >> shift & 0xffn));
  }
  /** 48 bits: times, and hashes that fit a number. */
  word48(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** 48) {
      throw new TypeError(`not a number of 48 bits: ${value}`);
    }
    const high = Math.floor(value / 0x10000);
    for (let shift = 24; shift >= 0; shift -= 8) this.byte(high >>> shift & 0xff);
    this.byte(value % 0x10000 >> 8);
    this.byte(value & 0xff);
  }
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }
}

/** Reads fields back. Past the end, or in a longer form than needed, a number is -1. */
export class Reader {
  at = 0;
  private readonly view: DataView;
  /** @param end where they stop */
  constructor(readonly bytes: Uint8Array, private end = bytes.length) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset);
  }

  /** Begins again, where other bytes have been put. */
  restart(end: number): void {
    this.at = 0;
    this.end = end;
  }
  byte(): number {
    return this.at < this.end ? this.bytes[this.at++]! : -1;
  }
  kid(): number {
    const high = this.byte();
    const low = this.byte();
    return low < 0 ? -1 : high << 8 | low;
  }
  raw(length: number): Uint8Array | null {
    if (length < 0 || length > this.left()) return null;
    return this.bytes.subarray(this.at, this.at += length);
  }
  /** A UUID, as text. An array of its bytes would cost as much as the text. */
  uuid(): string | null {
    if (this.left() < 16) return null;
    this.at += 16;
    return formatUuid(this.bytes, this.at - 16);
  }
  /** So many bytes of UTF-8; null where they are none. */
  text(length: number): string | null {
    if (length < 0 || length > this.left()) return null;
    const start = this.at;
    this.at += length;
    return (length <= SHORT ? this.ascii(start) : null) ??
      decodeUtf8(this.bytes.subarray(start, this.at));
  }
  varint(): number {
    let value = 0;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.byte();
      if (byte < 0 || (shift === 28 && byte > 7)) return -1;
      value |= (byte & 0x7f) << shift;
      if (byte <= 0x7f) return byte === 0 && shift > 0 ? -1 : value;
    }
    return -1;
  }
  word(): bigint {
    if (this.left() < 8) return -1n;
    const word = this.view.getBigUint64(this.at);
    this.at += 8;
    return word;
  }
  word48(): number {
    if (this.left() < 6) return -1;
    const high = this.short() * 0x10000 + this.short();
    return high * 0x10000 + this.short();
  }
  left(): number {
    return this.end - this.at;
  }
  /** What was read from `start`; null where not all of it is ASCII. */
  private ascii(start: number): string | null {
    let ascii = "";
    for (let i = start; i < this.at; i++) {
      if (this.bytes[i]! > 127) return null;
      ascii += String.fromCharCode(this.bytes[i]!);
    }
    return ascii;
  }
  private short(): number {
    return this.bytes[this.at++]! << 8 | this.bytes[this.at++]!;
  }
}

/** The strict decoder takes three times as long: it is asked only where something may be wrong. */
function decodeUtf8(bytes: Uint8Array): string | null {
  const read = text.decode(bytes);
  if (!read.includes("\ufffd")) return read;
  try {
    return strictText.decode(bytes);
  } catch {
    return null;
  }
}
