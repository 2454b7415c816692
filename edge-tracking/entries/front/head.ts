/**
 * Reads the one kind of request that nearly all are, by the bytes: a plain GET of a pixel or a link,
 * without a body, in the strict form of RFC 9112; and the kind that floods are made of, a plain GET of
 * what is not there. Whatever else it may be is somebody else's to judge.
 */
import { CONNECTION, Fields, HOST, word } from "./fields.ts";

/** What is read here: a request for a pixel, for a link, or for something that there is not. */
export type Plain = "open" | "click" | "nothing";

/** `more`: so far it may become a hit. `other`: it is none of these, or not in the strict form. */
export type Reading = Plain | "more" | "other";

/** What bytes may be part of: the name of a field and its value, a token, a query, a plain path. */
const [NAME, VALUE, TOKEN, QUERY, PATH] = [1, 2, 4, 8, 16] as const;
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
const [CR, LF, COLON, SLASH, QUESTION] = [0x0d, 0x0a, 0x3a, 0x2f, 0x3f];
const OPEN = word("GET /o/");
const CLICK = word("GET /c/");
const GET = word("GET ");
const VERSION = word(" HTTP/1.");
const [KEEP_ALIVE, CLOSE] = [word("keep-alive"), word("close")];
/** There may be something, or a path that leads elsewhere (RFC 3986 §5.2.4). */
const SOMETHING = /^\/(?:[ocuf]|robots\.txt|healthz|intake)(?:\/|$)|\/\.\.?(?:\/|$)/;
const decoder = new TextDecoder();

/** One request, read over and over: it holds the last one only, and none of its bytes. */
export class Head {
  /** Where the token stands. */
  tokenStart = 0;
  tokenEnd = 0;
  /** Where the request ends. */
  end = 0;
  /** Whether the connection ends with the answer. */
  isLast = false;
  readonly fields = new Fields();

  /** @param bytes what has come, a request's beginning at `from` */
  read(bytes: Uint8Array<ArrayBuffer>, from: number, to: number): Reading {
    const isOpen = begins(bytes, from, to, OPEN);
    if (isOpen || begins(bytes, from, to, CLICK)) {
      if (to - from <= OPEN.length) return "more";
      this.tokenStart = from + OPEN.length;
      this.tokenEnd = skip(bytes, this.tokenStart, to, TOKEN);
      if (this.tokenEnd === this.tokenStart) return "other";
      const read = this.readRest(bytes, this.tokenEnd, to);
      return read === "whole" ? (isOpen ? "open" : "click") : read;
    }
    const start = from + GET.length;
    if (!begins(bytes, from, to, GET) || bytes[start] !== SLASH) return "other";
    const end = skip(bytes, start, to, PATH);
    if (this.readRest(bytes, end, to) !== "whole") return "other";
    return SOMETHING.test(decoder.decode(bytes.subarray(start, end))) ? "other" : "nothing";
  }

  /** All after the path. */
  private readRest(bytes: Uint8Array<ArrayBuffer>, from: number, to: number) {
    let at = from;
    if (bytes[at] === QUESTION && at < to) at = skip(bytes, at, to, QUERY);
    if (!begins(bytes, at, to, VERSION)) return "other";
    at += VERSION.length;
    if (at >= to) return "more";
    const minor = bytes[at]! - 0x30;
    if (minor !== 0 && minor !== 1) return "other";
    at++;
    const { fields } = this;
    fields.restart(bytes);
    const firstLine = at + 2;
    for (;;) {
      // The end of a line.
      if (at >= to) return "more";
      if (bytes[at] !== CR) return "other";
      if (at + 1 >= to) return "more";
      if (bytes[at + 1] !== LF) return "other";
      at += 2;
      if (at >= to) return "more";
      if (bytes[at] === CR) break;
      const name = at;
      at = skip(bytes, name, to, NAME);
      if (at >= to) return "more";
      if (at === name || bytes[at] !== COLON) return "other";
      const colon = at;
      at = skip(bytes, colon + 1, to, VALUE);
      if (at < to && !fields.take(name, colon, at)) return "other";
    }
    if (at + 1 >= to) return "more";
    if (bytes[at + 1] !== LF || at === firstLine || !fields.has(HOST)) return "other";
    this.end = at + 2;
    const isClosing = fields.has(CONNECTION) && fields.is(CONNECTION, CLOSE);
    if (fields.has(CONNECTION) && !isClosing && !fields.is(CONNECTION, KEEP_ALIVE)) return "other";
    this.isLast = isClosing || minor === 0;
    return "whole";
  }
}

/** Whether so much as has come is the beginning of these, or more than them. */
function begins(bytes: Uint8Array, from: number, to: number, first: Uint8Array): boolean {
  const length = Math.min(first.length, to - from);
  for (let i = 0; i < length; i++) if (bytes[from + i] !== first[i]) return false;
  return true;
}

/** The first place where something else stands. */
function skip(bytes: Uint8Array, from: number, to: number, what: number): number {
  let at = from;
  while (at < to && (CLASSES[bytes[at]!]! & what) !== 0) at++;
  return at;
}
