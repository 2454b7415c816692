/**
 * Reads the one kind of request that nearly all are: a plain GET of a pixel or a link, without a
 * body, in the strict form of RFC 9112; and the kind that floods are made of, a plain GET of what is
 * not there. Whatever else it may be is somebody else's to judge.
 */
import { type Fields, readFields } from "./fields.ts";

/** A request for a pixel or a link, or for something that there is not. */
export interface HitRequest {
  kind: "open" | "click" | "nothing";
  /** Empty for nothing. */
  token: string;
  headers: Fields;
  /** Whether the connection ends with the answer. */
  isLast: boolean;
  /** Bytes it takes. */
  length: number;
}

/** `more`: so far it may become one. `other`: it is none, or not in the strict form. */
export type Reading = HitRequest | "more" | "other";

/** Printable ASCII, and each line ends in CR LF: no folded lines, no bare CR or LF, no NUL. */
const REST = String
  .raw`(?:\?[!-~]*)? HTTP\/1\.([01])\r\n((?:[\w!#$%&'*+.^\`|~-]+:[\t -~]*\r\n)+)\r\n`;
const HIT = new RegExp(String.raw`^GET \/([oc])\/([\w-]+)${REST}`);
/** A path that stands for itself: nothing escaped, no backslash. */
const PLAIN = new RegExp(String.raw`^GET (\/[\w.~!$&'()*+,;=:@\/-]*)${REST}`);
/** There may be something, or a path that leads elsewhere (RFC 3986 §5.2.4). */
const SOMETHING = /^\/(?:[ocuf]|robots\.txt|healthz|intake)(?:\/|$)|\/\.\.?(?:\/|$)/;
const BEGUN = /^(?:[\t -~]|\r\n)*\r?$/;
const STARTS = ["GET /o/", "GET /c/"];

/** @param text what has come, from the beginning of a request; other bytes than ASCII as anything else */
export function readHit(text: string): Reading {
  const hit = HIT.exec(text);
  if (hit !== null) return readRest(text, hit, hit[1] === "o" ? "open" : "click", hit[2]!);
  if (mayBecomeOne(text)) return "more";
  const plain = PLAIN.exec(text);
  if (plain === null || SOMETHING.test(plain[1]!)) return "other";
  return readRest(text, plain, "nothing", "");
}

function readRest(
  text: string,
  head: RegExpExecArray,
  kind: HitRequest["kind"],
  token: string,
): HitRequest | "other" {
  const { length } = head[0];
  const lines = head.at(-1)!;
  const headers = readFields(text, length - 2 - lines.length, length - 2);
  if (headers === null || headers.get("host") === undefined) return "other";
  const connection = headers.get("connection")?.toLowerCase() ?? "keep-alive";
  if (connection !== "keep-alive" && connection !== "close") return "other";
  const isLast = connection === "close" || head.at(-2) === "0";
  return { kind, token, headers, isLast, length };
}

function mayBecomeOne(text: string): boolean {
  return STARTS.some((start) => text.startsWith(start) || start.startsWith(text)) &&
    BEGUN.test(text) && !text.includes("\r\n\r\n");
}
