/** The parts of a message made readable, for those who read mail rather than send it on. */
import { Buffer } from "node:buffer";
import { decodeText, toText } from "../bytes.ts";
import { readHeader } from "../header/fields.ts";
import { normaliseLineEnds } from "../lines.ts";
import { decodeQp } from "./quoted_printable.ts";
import { leavesOf, readTree } from "./structure.ts";

export interface Part {
  /** Media type, lower case: `message/delivery-status`. */
  readonly type: string;
  /** The text, transfer encoding undone, of the first `limit` encoded bytes. */
  text(limit: number): string;
}

/**
 * The parts that hold no further ones, in order; a message within the message is one of them. Never
 * throws. None for a message that is signed or encrypted as a whole, or has parts beyond all reason.
 */
export function readParts(raw: Uint8Array): Part[] {
  const message = toText(normaliseLineEnds(raw));
  const tree = readTree(message, readHeader(message));
  return (tree === null ? [] : leavesOf(tree)).map((leaf) => ({
    type: leaf.type.value,
    text(limit) {
      const start = leaf.header.bodyStart;
      return decodeTransfer(message.slice(start, Math.min(leaf.end, start + limit)), leaf.encoding);
    },
  }));
}

/** @param encoding transfer encoding, lower case; an unknown one is taken for none */
export function decodeTransfer(text: string, encoding: string): string {
  if (encoding === "quoted-printable") return decodeText(decodeQp(text).text);
  if (encoding === "base64") return decodeText(Buffer.from(text, "base64").toString("latin1"));
  return decodeText(text);
}
