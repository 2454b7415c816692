/** One part of a message opened: its content, and how changes to that fit its transfer encoding. */
import { Buffer } from "node:buffer";
import { hasLongLine } from "../lines.ts";
import { decodeQp, encodeQp, wrapQp } from "../mime/quoted_printable.ts";
import type { Node } from "../mime/structure.ts";
import type { Edit } from "./edit.ts";
import {
  base64Fragment,
  type Fragment,
  plainFragment,
  qpFragment,
  wrapBase64,
} from "./fragment.ts";
import type { Spot } from "./spots.ts";

export interface OpenLeaf {
  /** Transfer encoding undone; one character per byte. */
  readonly text: string;
  /** What makes room for the spots, and breaks lines that are too long. */
  edits(spots: readonly Spot[]): Edit<string | Fragment>[];
}

/**
 * Null when the transfer encoding is broken or unknown.
 *
 * @param whole whether the part is the whole message
 */
export function openLeaf(text: string, leaf: Node, whole: boolean): OpenLeaf | null {
  const start = leaf.header.bodyStart;
  const body = text.slice(start, leaf.end);
  switch (leaf.encoding) {
    case "7bit":
    case "8bit":
    case "binary":
      return openPlain(body, leaf, whole);
    case "quoted-printable":
      return openQp(body, start);
    case "base64":
      return openBase64(body, start, leaf.end);
    default:
      return null;
  }
}

function openPlain(body: string, leaf: Node, whole: boolean): OpenLeaf {
  const edit = (by: string | Fragment) => ({ start: leaf.header.bodyStart, end: leaf.end, by });
  return {
    text: body,
    edits(spots) {
      if (!hasLongLine(body) && !spots.some((spot) => spot.encode)) {
        return spots.length === 0 ? [] : [edit(plainFragment(body, spots))];
      }
      const encoded = encodeQp(body);
      return [
        ...declareQp(leaf, whole),
        edit(qpFragment(encoded, spots, decodeQp(encoded).encodedOffset)),
      ];
    },
  };
}

function openQp(body: string, start: number): OpenLeaf {
  // A soft line break whose line end belongs to the delimiter: nothing may come behind it.
  const dangling = /=[ \t]*$/.exec(body)?.index ?? body.length;
  const long = hasLongLine(body);
  const encoded = long ? wrapQp(body.slice(0, dangling)) : body.slice(0, dangling);
  const decoded = decodeQp(encoded);
  const edit = (by: string | Fragment) => ({ start, end: start + dangling, by });
  return {
    text: decoded.text,
    edits(spots) {
      if (spots.length > 0) return [edit(qpFragment(encoded, spots, decoded.encodedOffset))];
      return long ? [edit(encoded)] : [];
    },
  };
}

function openBase64(body: string, start: number, end: number): OpenLeaf | null {
  const code = body.replaceAll(/[ \t\r\n]+/g, "");
  if (code.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(code)) return null;
  const long = hasLongLine(body);
  const original = long ? wrapBase64(code) + (body.endsWith("\r\n") ? "\r\n" : "") : body;
  const decoded = Buffer.from(code, "base64").toString("latin1");
  return {
    text: decoded,
    edits(spots) {
      if (spots.length > 0) return [{ start, end, by: base64Fragment(decoded, spots, original) }];
      return long ? [{ start, end, by: original }] : [];
    },
  };
}

/** Says in the part's header that it is now quoted-printable. */
function declareQp({ header, encodingField }: Node, whole: boolean): Edit[] {
  const by = "Content-Transfer-Encoding: quoted-printable\r\n";
  const start = encodingField?.start ?? header.end;
  const end = encodingField?.end ?? header.end;
  const versioned = !whole || header.fields.some((field) => field.name === "mime-version");
  const declared = { start, end, by };
  if (versioned) return [declared];
  const version = { start: header.end, end: header.end, by: "MIME-Version: 1.0\r\n" };
  return [declared, version];
}
