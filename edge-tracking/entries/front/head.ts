/**
 * Reads the one kind of request that nearly all are, by the bytes: a plain GET of a pixel or a link,
 * without a body, in the strict form of RFC 9112; and the kind that floods are made of, a plain GET of
 * what is not there. Whatever else it may be is somebody else's to judge.
 */
import { CONNECTION, Fields, HOST } from "./fields.ts";
import { bytesOf, PATH, QUERY, QUESTION, skip, SLASH, TOKEN } from "./letters.ts";

/** What is read here: a request for a pixel, for a link, or for something that there is not. */
export type Plain = "open" | "click" | "nothing";

/** `more`: so far it may become a hit. `other`: it is none of these, or not in the strict form. */
export type Reading = Plain | "more" | "other";

/** A longer head is none of ours. */
export const HEAD_BYTES = 4096;
/** Heads whose fields are kept, and of how many unknown ones one is: what comes often soon stays. */
const [KEPT, ONE_IN] = [64, 64];
const NOTHING = new Uint8Array();
const OPEN = bytesOf("GET /o/");
const CLICK = bytesOf("GET /c/");
const GET = bytesOf("GET ");
const LINE_END = bytesOf("\r\n");
const VERSION = bytesOf(" HTTP/1.");
const [KEEP_ALIVE, CLOSE] = [bytesOf("keep-alive"), bytesOf("close")];
/** There may be something, or a path that leads elsewhere (RFC 3986 §5.2.4). */
const SOMETHING = /^\/(?:[ocuf]|robots\.txt|healthz|intake)(?:\/|$)|\/\.\.?(?:\/|$)/;
const decoder = new TextDecoder();

/** What has come on a connection, to be read byte by byte and by more at a time. */
export class Incoming {
  readonly view: DataView;

  constructor(readonly bytes: Uint8Array<ArrayBuffer>) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

/** One request, read over and over: it holds the last one only. */
export class Head {
  /** Where the request stands. */
  bytes: Uint8Array = NOTHING;
  /** Where the token stands in them. */
  tokenStart = 0;
  tokenEnd = 0;
  /** Where the request ends. */
  end = 0;
  /** Whether the connection ends with the answer. */
  isLast = false;
  /** Of a request that is one of these. */
  fields = new Fields();
  private readonly fresh = this.fields;
  /** Fields of requests that came before, by the length of their lines. */
  private readonly kept: (Fields | undefined)[] = Array(KEPT).fill(undefined);
  private unknown = 0;

  /** A request that begins at `from`. */
  read(incoming: Incoming, from: number, to: number): Reading {
    const { bytes } = incoming;
    this.bytes = bytes;
    const isOpen = begins(bytes, from, to, OPEN);
    if (isOpen || begins(bytes, from, to, CLICK)) {
      if (to - from <= OPEN.length) return "more";
      this.tokenStart = from + OPEN.length;
      this.tokenEnd = skip(bytes, this.tokenStart, to, TOKEN);
      if (this.tokenEnd === this.tokenStart) return "other";
      const read = this.readRest(incoming, this.tokenEnd, to);
      return read === "whole" ? (isOpen ? "open" : "click") : read;
    }
    const start = from + GET.length;
    if (!begins(bytes, from, to, GET) || bytes[start] !== SLASH) return "other";
    const end = skip(bytes, start, to, PATH);
    if (this.readRest(incoming, end, to) !== "whole") return "other";
    return SOMETHING.test(decoder.decode(bytes.subarray(start, end))) ? "other" : "nothing";
  }

  /** All after the path. */
  private readRest(incoming: Incoming, from: number, to: number): "whole" | "more" | "other" {
    const { bytes } = incoming;
    let at = from;
    if (bytes[at] === QUESTION && at < to) at = skip(bytes, at, to, QUERY);
    if (!begins(bytes, at, to, VERSION)) return "other";
    at += VERSION.length;
    if (at >= to) return "more";
    const minor = bytes[at]! - 0x30;
    if (minor !== 0 && minor !== 1) return "other";
    at++;
    if (!begins(bytes, at, to, LINE_END)) return "other";
    at += LINE_END.length;
    if (at >= to) return "more";
    const end = this.readFields(incoming, at, to);
    if (typeof end === "string") return end;
    const { fields } = this;
    if (!fields.has(HOST)) return "other";
    this.end = end;
    const isClosing = fields.has(CONNECTION) && fields.is(CONNECTION, CLOSE);
    if (fields.has(CONNECTION) && !isClosing && !fields.is(CONNECTION, KEEP_ALIVE)) return "other";
    this.isLast = isClosing || minor === 0;
    return "whole";
  }

  /**
   * Proxies of mail services, and browsers that ask for several pictures, say the same again and again:
   * then it is compared, which is quicker than reading it.
   */
  private readFields({ bytes, view }: Incoming, at: number, to: number): number | "more" | "other" {
    const place = (to - at) % KEPT;
    const kept = this.kept[place];
    if (kept !== undefined && kept.isSame(view, at, to - at)) {
      this.fields = kept;
      return to;
    }
    this.fields = this.fresh;
    const end = this.fresh.read(bytes, at, to);
    if (end === to && this.unknown++ % ONE_IN === 0) {
      this.kept[place] = Fields.keep(bytes.subarray(at, to));
    }
    return end;
  }
}

/** Whether so much as has come is the beginning of these, or more than them. */
function begins(bytes: Uint8Array, from: number, to: number, first: Uint8Array): boolean {
  const length = Math.min(first.length, to - from);
  for (let i = 0; i < length; i++) if (bytes[from + i] !== first[i]) return false;
  return true;
}
