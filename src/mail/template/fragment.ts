/** A piece of a message that differs from copy to copy: one part, in its transfer encoding. */
import { Buffer } from "node:buffer";
import { toBytes } from "../bytes.ts";
import { columnAfter, firstLineLength, hasLongLine, LINE_LIMIT } from "../lines.ts";
import { escapeQp, pieceLength, QP_LINE } from "../mime/quoted_printable.ts";
import type { Filling, Spot } from "./spots.ts";

export type Fragment = (filling: Filling) => string;

interface Hole {
  readonly spot: Spot;
  /** What stands before it, back to the hole before. */
  readonly before: string;
  /** What it replaces. */
  readonly original: string;
  /** Length of the first line of what follows, up to the next hole. */
  readonly tail: number;
}

/** Cuts `text` at `spots`, whose extent in `text` is told by `from` and `to`. */
function cut(
  text: string,
  spots: readonly Spot[],
  from: (spot: Spot) => number,
  to: (spot: Spot) => number,
): { holes: Hole[]; rest: string } {
  const edges = spots.map((spot) => ({ spot, start: from(spot), end: to(spot) }));
  const segment = (i: number) => text.slice(i < 0 ? 0 : edges[i]!.end, edges[i + 1]?.start);
  const holes = edges.map(({ spot, start, end }, i) => ({
    spot,
    before: segment(i - 1),
    original: text.slice(start, end),
    tail: firstLineLength(segment(i)),
  }));
  return { holes, rest: segment(edges.length - 1) };
}

/** A part as it is (7bit, 8bit), all of its lines within the limit. */
export function plainFragment(body: string, spots: readonly Spot[]): Fragment {
  const { holes, rest } = cut(body, spots, (spot) => spot.start, (spot) => spot.end);
  return (filling) => {
    let text = "";
    let column = 0;
    for (const { spot, before, original, tail } of holes) {
      text += before;
      column = columnAfter(before, column);
      const value = spot.fill(filling);
      let piece = original;
      if (value !== null) {
        piece = original.slice(0, spot.valueStart - spot.start) + value +
          original.slice(spot.valueEnd - spot.start);
        // A link that fits on no line keeps its target.
        if (hasLongLine(piece)) piece = original;
      }
      // Around an attribute, and before an image, a line end means no more than a space.
      if (column + firstLineLength(piece) > LINE_LIMIT) {
        text += "\r\n";
        column = 0;
      }
      text += piece;
      column = columnAfter(piece, column);
      if (column + tail > LINE_LIMIT) {
        text += "\r\n";
        column = 0;
      }
    }
    return text + rest;
  };
}

/** A quoted-printable part. `offset` leads from the decoded document into `body`. */
export function qpFragment(
  body: string,
  spots: readonly Spot[],
  offset: (decoded: number) => number,
): Fragment {
  const { holes, rest } = cut(
    body,
    spots,
    (spot) => offset(spot.valueStart),
    (spot) => offset(spot.valueEnd),
  );
  return (filling) => {
    let text = "";
    let column = 0;
    // Only a line that a link was put into may have to be broken; all others stay as they were.
    let changed = false;
    const keep = (piece: string, length: number) => {
      if (changed && length > 0 && column + length > QP_LINE) {
        text += "=\r\n";
        column = 0;
      }
      text += piece;
      if (piece.length > length) changed = false;
      column = columnAfter(piece, column);
    };
    const put = (escaped: string) => {
      let at = 0;
      while (column + escaped.length - at > QP_LINE) {
        const room = QP_LINE - column;
        const piece = room < 3 ? 0 : pieceLength(escaped, at, room);
        text += `${escaped.slice(at, at + piece)}=\r\n`;
        at += piece;
        column = 0;
      }
      text += at === 0 ? escaped : escaped.slice(at);
      column += escaped.length - at;
    };
    let length = firstLineLength(holes[0]?.before ?? "");
    for (const { spot, before, original, tail } of holes) {
      keep(before, length);
      length = tail;
      const value = spot.fill(filling);
      if (value === null) {
        keep(original, firstLineLength(original));
        continue;
      }
      changed = true;
      for (const [i, line] of escapeQp(value).split("\r\n").entries()) {
        if (i > 0) {
          text += "\r\n";
          column = 0;
        }
        put(line);
      }
    }
    keep(rest, length);
    return text;
  };
}

/** A part given decoded, sent in base64; `original` is what it was before. */
export function base64Fragment(
  decoded: string,
  spots: readonly Spot[],
  original: string,
): Fragment {
  const { holes, rest } = cut(decoded, spots, (spot) => spot.valueStart, (spot) => spot.valueEnd);
  const end = original.endsWith("\r\n") ? "\r\n" : "";
  return (filling) => {
    let text = "";
    let changed = false;
    for (const hole of holes) {
      const value = hole.spot.fill(filling);
      changed ||= value !== null;
      text += hole.before + (value ?? hole.original);
    }
    return changed ? encodeBase64(text + rest) + end : original;
  };
}

/** Base64 in lines of 76 characters, without a CRLF at the end (RFC 2045 §6.8). */
function encodeBase64(text: string): string {
  return wrapBase64(Buffer.from(toBytes(text).buffer).toString("base64"));
}

export function wrapBase64(code: string): string {
  let wrapped = code.slice(0, 76);
  for (let at = 76; at < code.length; at += 76) wrapped += `\r\n${code.slice(at, at + 76)}`;
  return wrapped;
}
