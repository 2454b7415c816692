/**
 * JSON (RFC 8259) written byte by byte: for what is mostly copied from bytes at hand, where making
 * texts of them first would take most of the time.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const TAB = 0x09;
const T = 0x74;
const ZERO = 0x30;
/** Numbers above are written in two pieces. */
const MILLION = 1_000_000;
/** What is longer than so many bytes is copied by the runtime: calling it costs as much as these. */
const LONG = 48;
const encoder = new TextEncoder();

export class JsonWriter {
  private at = 0;

  /** @param bytes with room for all that is written */
  constructor(private readonly bytes: Uint8Array) {}

  /** Forgets what is written. */
  restart(): void {
    this.at = 0;
  }

  /** Bytes so far. */
  get length(): number {
    return this.at;
  }

  /** A copy of what was written after so many bytes. */
  since(length: number): Uint8Array {
    return this.bytes.slice(length, this.at);
  }

  /** JSON as it stands. */
  raw(json: Uint8Array): void {
    const { bytes } = this;
    let { at } = this;
    if (json.length > LONG) {
      bytes.set(json, at);
      this.at = at + json.length;
      return;
    }
    for (let i = 0; i < json.length; i++) bytes[at++] = json[i]!;
    this.at = at;
  }

  /** A string. */
  text(text: string): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) {
        this.at = start + encoder.encodeInto(JSON.stringify(text), bytes.subarray(start)).written;
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** A string of these bytes, which are printable ASCII and tabs. */
  ascii(from: Uint8Array, start: number, end: number): void {
    const { bytes } = this;
    let { at } = this;
    bytes[at++] = QUOTE;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      if (byte === QUOTE || byte === BACKSLASH || byte === TAB) bytes[at++] = BACKSLASH;
      bytes[at++] = byte === TAB ? T : byte;
    }
    bytes[at++] = QUOTE;
    this.at = at;
  }

  /** A natural number. */
  number(value: number): void {
    if (value < MILLION) return this.digits(value, digitsOf(value));
    const high = Math.floor(value / MILLION);
    this.number(high);
    this.digits(value - high * MILLION, 6);
  }

  /** @param value less than a million, so that small integers do */
  private digits(value: number, count: number): void {
    const { bytes, at: start } = this;
    this.at += count;
    for (let at = this.at - 1, rest = value | 0; at >= start; at--) {
      const tenth = (rest / 10) | 0;
      bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
  }
}

function digitsOf(value: number): number {
  let count = 1;
  for (let power = 10; value >= power; power *= 10) count++;
  return count;
}
