/** The bytes of an attached file, of the part that holds them encoded. */
import type { LinkedFile } from "../../events/mod.ts";
import { toBytes, toText } from "../bytes.ts";
import { decodeQp } from "../mime/quoted_printable.ts";

type Encoding = LinkedFile["encoding"];
type Bytes = Uint8Array<ArrayBuffer>;

/** @param text of one character per byte; base64 whole, other encodings whole lines */
export function decodeFileText(text: string, encoding: Encoding): Bytes {
  switch (encoding) {
    case "identity":
      return toBytes(text);
    case "base64":
      return Uint8Array.fromBase64(text);
    case "quoted-printable":
      return toBytes(decodeQpFile(text));
  }
}

/** Piece by piece, as they come; little more than a piece is held. */
export async function* decodeFile(
  pieces: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<Bytes> {
  if (encoding === "identity") {
    for await (const piece of pieces) yield new Uint8Array(piece);
    return;
  }
  let rest = "";
  for await (const piece of pieces) {
    const text = rest + (encoding === "base64" ? withoutSpace(toText(piece)) : toText(piece));
    const end = wholeUntil(text, encoding);
    rest = text.slice(end);
    if (end > 0) yield decodeFileText(text.slice(0, end), encoding);
  }
  if (rest !== "") yield decodeFileText(rest, encoding);
}

function withoutSpace(text: string): string {
  return text.replaceAll("\r\n", "").replaceAll(/\s+/g, "");
}

/** Up to where the text can be decoded without what follows. */
function wholeUntil(text: string, encoding: Encoding): number {
  return encoding === "base64" ? text.length - text.length % 4 : text.lastIndexOf("\n") + 1;
}

/** White space at the end of a line is not the file's; nor is a last soft line break (RFC 2045 §6.7). */
function decodeQpFile(text: string): string {
  return decodeQp(text.replace(/[ \t]+(?=\r\n|$)/g, "").replace(/=$/, "")).text;
}
