/**
 * Header fields of a request (RFC 9110 §5), as places among its bytes: found by their names' lengths,
 * not read one by one, and made into text only where somebody asks for it.
 */
import { HINTS } from "../../hit.ts";
import { bytesOf, COLON, CR, LF, NAME, skip, VALUE } from "./letters.ts";

/** With one of these a request has a body, or wants something else than an answer. */
const UNUSUAL = ["content-length", "transfer-encoding", "expect", "upgrade"];
/** What says something to us, in lower case; a field is known by its place here. */
export const NAMES = ["host", "connection", "x-forwarded-for", "user-agent", ...HINTS, ...UNUSUAL];
const FIRST_UNUSUAL = NAMES.length - UNUSUAL.length;
export const [HOST, CONNECTION, FORWARDED_FOR, AGENT] = [0, 1, 2, 3] as const;
/** Hints follow each other as they do in HINTS. */
export const FIRST_HINT = AGENT + 1;
export const LANGUAGE = NAMES.indexOf("accept-language");

/** Numbers of names, by their length. */
const BY_LENGTH: { number: number; name: Uint8Array }[][] = [];
NAMES.forEach((name, number) =>
  (BY_LENGTH[name.length] ??= []).push({ number, name: bytesOf(name) })
);

const SPACE = 0x20;
const TAB = 0x09;
/** The bit in which small letters differ from capitals; no other letter of a name becomes one by it. */
const SMALL = 0x20;
const NOTHING = new Uint8Array();
const EMPTY = new DataView(NOTHING.buffer);
const decoder = new TextDecoder();

/** The fields of one head that say something to us: from where to where the value of each stands. */
export class Fields {
  /** Where the lines stand. */
  bytes: Uint8Array<ArrayBuffer> = NOTHING;
  /** What was made of fields that are kept: whoever made it knows it by its number. */
  readonly made: Uint8Array[] = [];
  /** Whether they are kept, and what is made of them is made once. */
  isKept = false;
  private view = EMPTY;
  private readonly starts = new Int32Array(NAMES.length);
  private readonly ends = new Int32Array(NAMES.length);
  /** A bit for each that is there. */
  private found = 0;

  has(field: number): boolean {
    return (this.found & 1 << field) !== 0;
  }

  /** Where its value begins, without the spaces around it. */
  start(field: number): number {
    return this.starts[field]!;
  }

  end(field: number): number {
    return this.ends[field]!;
  }

  /** Null when it is not there. */
  text(field: number): string | null {
    if (!this.has(field)) return null;
    return decoder.decode(this.bytes.subarray(this.starts[field]!, this.ends[field]!));
  }

  /** Whether its value is this, whatever the case. @param word in lower case */
  is(field: number, word: Uint8Array): boolean {
    return equals(this.bytes, this.starts[field]!, this.ends[field]!, word);
  }

  /** Reads lines up to the empty one. Gives where they end; or why they cannot be read. */
  read(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): number | "more" | "other" {
    this.bytes = bytes;
    this.found = 0;
    for (let at = from;;) {
      if (at >= to) return "more";
      if (bytes[at] === CR) {
        if (at + 1 >= to) return "more";
        return bytes[at + 1] === LF ? at + 2 : "other";
      }
      const name = at;
      at = skip(bytes, name, to, NAME);
      if (at >= to) return "more";
      if (at === name || bytes[at] !== COLON) return "other";
      const colon = at;
      at = skip(bytes, colon + 1, to, VALUE);
      if (at >= to) return "more";
      if (bytes[at] !== CR || !this.take(name, colon, at)) return "other";
      if (at + 1 >= to) return "more";
      if (bytes[at + 1] !== LF) return "other";
      at += 2;
    }
  }

  /** The fields of these lines, which were read before, with a copy of them. */
  static keep(lines: Uint8Array): Fields {
    const kept = new Fields();
    kept.isKept = true;
    kept.read(lines.slice(), 0, lines.length);
    kept.view = new DataView(kept.bytes.buffer);
    return kept;
  }

  /** Whether these are the lines that are kept. */
  isSame(from: DataView, at: number, length: number): boolean {
    const { view } = this;
    if (view.byteLength !== length) return false;
    // From the end, four bytes at a time: what differs mostly stands behind what all say.
    let i = length - 4;
    for (; i >= 0; i -= 4) if (view.getInt32(i) !== from.getInt32(at + i)) return false;
    for (i += 3; i >= 0; i--) if (view.getUint8(i) !== from.getUint8(at + i)) return false;
    return true;
  }

  /**
   * Takes the field whose name and value stand there; false when one that says something stands there
   * already, or it is not usual.
   */
  private take(nameStart: number, colon: number, end: number): boolean {
    const field = numberOf(this.bytes, nameStart, colon);
    if (field < 0) return true;
    if (field >= FIRST_UNUSUAL || this.has(field)) return false;
    const { bytes } = this;
    let start = colon + 1;
    while (start < end && isSpace(bytes[start]!)) start++;
    while (end > start && isSpace(bytes[end - 1]!)) end--;
    this.found |= 1 << field;
    this.starts[field] = start;
    this.ends[field] = end;
    return true;
  }
}

function numberOf(bytes: Uint8Array, start: number, end: number): number {
  const candidates = BY_LENGTH[end - start];
  if (candidates === undefined) return -1;
  for (let i = 0; i < candidates.length; i++) {
    const { number, name } = candidates[i]!;
    if (equals(bytes, start, end, name)) return number;
  }
  return -1;
}

function equals(bytes: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    if ((bytes[start + i]! | SMALL) !== lower[i]) return false;
  }
  return true;
}

function isSpace(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}
