/** One part of a message: what is changed in it, and how that fits its transfer encoding. */
import { Buffer } from "node:buffer";
import type { Leaf } from "../mime/structure.ts";
import { isEditable, isUtf8 } from "../mime/charset.ts";
import { decodeQp, encodeQp, wrapQp } from "../mime/quoted_printable.ts";
import { hasLongLine } from "../lines.ts";
import type { CompileOptions, Edit } from "./compile.ts";
import {
  base64Fragment,
  type Fragment,
  plainFragment,
  qpFragment,
  wrapBase64,
} from "./fragment.ts";
import { findSpots } from "./spots.ts";

/** A longer link may not fit on a line once it is replaced: its part becomes quoted-printable. */
const LONG_LINK = 400;

/** @param whole whether the part is the whole message */
export function compileLeaf(
  text: string,
  leaf: Leaf,
  whole: boolean,
  options: CompileOptions,
  links: string[],
): Edit[] {
  const start = leaf.header.bodyStart;
  const body = text.slice(start, leaf.end);
  const edit = (by: string | Fragment): Edit => ({ start, end: leaf.end, by });
  const charset = leaf.type.parameters.get("charset");
  const html = (options.opens || options.clicks) && leaf.type.value === "text/html" &&
    !leaf.file && isEditable(charset);
  const long = hasLongLine(body);
  if (body === "" || (!html && !long)) return [];
  const spotsIn = (document: string) =>
    html ? findSpots(document, { ...options, utf8: isUtf8(charset) }, links) : [];

  switch (leaf.encoding) {
    case "7bit":
    case "8bit":
    case "binary": {
      const spots = spotsIn(body);
      if (!long && spots.every((spot) => spot.link === null || spot.link.url.length < LONG_LINK)) {
        return spots.length === 0 ? [] : [edit(plainFragment(body, spots))];
      }
      const encoded = encodeQp(body);
      return [
        ...declareQp(leaf, whole),
        edit(qpFragment(encoded, spots, decodeQp(encoded).encodedOffset)),
      ];
    }
    case "quoted-printable": {
      // A soft line break whose line end belongs to the delimiter: nothing may come behind it.
      const dangling = /=[ \t]*$/.exec(body)?.index ?? body.length;
      const encoded = long ? wrapQp(body.slice(0, dangling)) : body.slice(0, dangling);
      const end = start + dangling;
      const decoded = decodeQp(encoded);
      const spots = spotsIn(decoded.text);
      if (spots.length === 0) return long ? [{ start, end, by: encoded }] : [];
      return [{ start, end, by: qpFragment(encoded, spots, decoded.encodedOffset) }];
    }
    case "base64": {
      const code = body.replaceAll(/[ \t\r\n]+/g, "");
      if (code.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(code)) return [];
      const original = long ? wrapBase64(code) + (body.endsWith("\r\n") ? "\r\n" : "") : body;
      const decoded = Buffer.from(code, "base64").toString("latin1");
      const spots = spotsIn(decoded);
      if (spots.length === 0) return long ? [edit(original)] : [];
      return [edit(base64Fragment(decoded, spots, original))];
    }
    default:
      return [];
  }
}

/** Says in the part's header that it is now quoted-printable. */
function declareQp({ header, encodingField }: Leaf, whole: boolean): Edit[] {
  const by = "Content-Transfer-Encoding: quoted-printable\r\n";
  const start = encodingField?.start ?? header.end;
  const end = encodingField?.end ?? header.end;
  const versioned = !whole || header.fields.some((field) => field.name === "mime-version");
  const declared = { start, end, by };
  if (versioned) return [declared];
  const version = { start: header.end, end: header.end, by: "MIME-Version: 1.0\r\n" };
  return [declared, version];
}
