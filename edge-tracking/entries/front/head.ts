/**
 * Reads the one kind of request that nearly all are: a plain GET of a pixel or a link, without a
 * body, in the strict form of RFC 9112. Whatever else it may be is somebody else's to judge.
 */
import { HINTS } from "../../hit.ts";

/** A request for a pixel or a link. */
export interface HitRequest {
  kind: "open" | "click";
  token: string;
  /** Those that say something to us: names in lower case, values without the spaces around them. */
  headers: ReadonlyMap<string, string>;
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
/** With one of these it has a body, or wants something else than an answer. */
const UNUSUAL = ["content-length", "transfer-encoding", "expect", "upgrade"];
const HEARD = ["host", "connection", "x-forwarded-for", "user-agent", ...HINTS];
/** What each name means, as it is spelled mostly: in lower case, or `With-Capitals`. */
const NAMES = new Map(
  [...HEARD, ...UNUSUAL].flatMap((name) => [
    [name, name],
    [name.replace(/\b[a-z]/g, (letter) => letter.toUpperCase()), name],
  ]),
);

/** @param text what has come, from the beginning of a request; other bytes than ASCII as anything else */
export function readHit(text: string): Reading {
  const head = HEAD.exec(text);
  if (head === null) return mayBecomeOne(text) ? "more" : "other";
  const headers = fieldsOf(head[4]!);
  if (headers === null || !headers.has("host")) return "other";
  const connection = headers.get("connection")?.toLowerCase() ?? "keep-alive";
  if (connection !== "keep-alive" && connection !== "close") return "other";
  return {
    kind: head[1] === "o" ? "open" : "click",
    token: head[2]!,
    headers,
    isLast: connection === "close" || head[3] === "0",
    length: head[0].length,
  };
}

/** Null when a name that says something stands there twice, or one that is not usual. */
function fieldsOf(lines: string): Map<string, string> | null {
  const fields = new Map<string, string>();
  for (let at = 0; at < lines.length;) {
    const colon = lines.indexOf(":", at);
    const end = lines.indexOf("\r\n", colon);
    const spelled = lines.slice(at, colon);
    const name = NAMES.get(spelled) ?? NAMES.get(spelled.toLowerCase());
    if (name !== undefined) {
      if (fields.has(name) || UNUSUAL.includes(name)) return null;
      fields.set(name, lines.slice(colon + 1, end).trim());
    }
    at = end + 2;
  }
  return fields;
}

function mayBecomeOne(text: string): boolean {
  return STARTS.some((start) => text.startsWith(start) || start.startsWith(text)) &&
    BEGUN.test(text) && !text.includes("\r\n\r\n");
}
