/** All parts of a message, containers too, in bounded time and memory whatever the message. */
import { fieldsOf, type Header, readHeader, valueOf } from "../header/fields.ts";
import { type Parametrised, parseParametrised } from "../header/parameters.ts";
import { MAX_DEPTH, MAX_PARTS, partsOf, SEALED } from "./structure.ts";

/** Bytes that the headers of all parts may have together; a real part's has a few hundred. */
const PART_HEADERS_LIMIT = 1024 * 1024;

export interface PartSeen {
  readonly header: Header;
  readonly end: number;
  readonly type: Parametrised;
  /** The boundary of the multipart it stands in; `null` for the message itself. */
  readonly within: string | null;
}

/**
 * Calls `visit` for each part in order of appearance, the message itself first. Nothing is visited
 * inside what is signed or encrypted, nor inside a message within the message.
 *
 * @returns why the walk was given up (more parts, nesting or headers than any real message has), or
 * null.
 */
export function walkParts(
  text: string,
  root: Header,
  visit: (part: PartSeen) => void,
): string | null {
  let parts = 0;
  let room = PART_HEADERS_LIMIT;

  function walk(header: Header, end: number, within: string | null, depth: number): string | null {
    if (++parts > MAX_PARTS) return `it has more than ${MAX_PARTS} parts`;
    if (depth > MAX_DEPTH) return `its parts are nested more than ${MAX_DEPTH} deep`;
    const field = fieldsOf(header, "content-type")[0];
    const type = parseParametrised(field === undefined ? "text/plain" : valueOf(text, field));
    visit({ header, end, type, within });
    const boundary = type.parameters.get("boundary");
    if (!type.value.startsWith("multipart/") || SEALED.has(type.value) || !boundary) return null;
    for (const [from, to] of partsOf(text, header.bodyStart, end, boundary)) {
      const inner = readHeader(text, from, Math.min(to, from + room + 1));
      room -= inner.end - from;
      if (room < 0) return `the headers of its parts are larger than ${PART_HEADERS_LIMIT} bytes`;
      const problem = walk(inner, to, boundary, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  }

  return walk(root, text.length, null, 0);
}
