/**
 * Reads the one kind of request that nearly all are: a plain GET of a pixel or a link, without a
 * body, in the strict form of RFC 9112. Whatever else it may be is somebody else's to judge.
 */
import { type Fields, readFields } from "./fields.ts";

/** A request for a pixel or a link. */
export interface HitRequest {
  kind: "open" | "click";
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
const HEAD =
  /^GET \/([oc])\/([\w-]+)(?:\?[!-~]*)? HTTP\/1\.([01])\r\n((?:[\w!#$%&'*+.^`|~-]+:[\t -~]*\r\n)+)\r\n/;
const BEGUN = /^(?:[\t -~]|\r\n)*\r?$/;
const STARTS = ["GET /o/", "GET /c/"];

/** @param text what has come, from the beginning of a request; other bytes than ASCII as anything else */
export function readHit(text: string): Reading {
  const head = HEAD.exec(text);
  if (head === null) return mayBecomeOne(text) ? "more" : "other";
  const { length } = head[0];
  const headers = readFields(text, length - 2 - head[4]!.length, length - 2);
  if (headers === null || headers.get("host") === undefined) return "other";
  const connection = headers.get("connection")?.toLowerCase() ?? "keep-alive";
  if (connection !== "keep-alive" && connection !== "close") return "other";
  return {
    kind: head[1] === "o" ? "open" : "click",
    token: head[2]!,
    headers,
    isLast: connection === "close" || head[3] === "0",
    length,
  };
}

function mayBecomeOne(text: string): boolean {
  return STARTS.some((start) => text.startsWith(start) || start.startsWith(text)) &&
    BEGUN.test(text) && !text.includes("\r\n\r\n");
}
