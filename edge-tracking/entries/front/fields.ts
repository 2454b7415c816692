/**
 * Header fields of a request (RFC 9110 §5), as places among its bytes: found by their names' lengths,
 * not read one by one, and made into text only where somebody asks for it.
 */
import { HINTS } from "../../hit.ts";

/** With one of these a request has a body, or wants something else than an answer. */
const UNUSUAL = ["content-length", "transfer-encoding", "expect", "upgrade"];
/** What says something to us, in lower case; a field is known by its place here. */
export const NAMES = ["host", "connection", "x-forwarded-for", "user-agent", ...HINTS, ...UNUSUAL];
const FIRST_UNUSUAL = NAMES.length - UNUSUAL.length;
export const [HOST, CONNECTION, FORWARDED_FOR, AGENT] = [0, 1, 2, 3] as const;
/** Hints follow each other as they do in HINTS. */
export const FIRST_HINT = AGENT + 1;
export const LANGUAGE = NAMES.indexOf("accept-language");

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Numbers of names, by their length. */
const BY_LENGTH: { number: number; name: Uint8Array }[][] = [];
NAMES.forEach((name, number) =>
  (BY_LENGTH[name.length] ??= []).push({ number, name: bytesOf(name) })
);

const SPACE = 0x20;
const TAB = 0x09;
/** The bit in which small letters differ from capitals; no other letter of a name becomes one by it. */
const SMALL = 0x20;
const decoder = new TextDecoder();

/** The fields that say something to us: from where to where the value of each stands. */
export class Fields {
  /** The request's, until the next one. */
  bytes = new Uint8Array();
  private readonly starts = new Int32Array(NAMES.length);
  private readonly ends = new Int32Array(NAMES.length);
  /** A bit for each that is there. */
  private found = 0;

  restart(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.found = 0;
  }

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

  /**
   * Takes the field whose name and value stand there; false when one that says something stands there
   * already, or it is not usual.
   */
  take(nameStart: number, colon: number, end: number): boolean {
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

/** A text in lower case, to compare with. */
export const word = bytesOf;

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
