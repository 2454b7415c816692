/**
 * The other form of a message that has one only: HTML for text, text for HTML, side by side in a
 * multipart/alternative (RFC 2046 §5.1.4). What there was stays, byte for byte.
 */
import { Buffer } from "node:buffer";
import { hash } from "node:crypto";
import { isAscii } from "../bytes.ts";
import { readHeader } from "../header/fields.ts";
import { htmlToText } from "../html/to_text.ts";
import { hasLongLine } from "../lines.ts";
import { decodeCharset } from "../mime/charset.ts";
import { encodeQp } from "../mime/quoted_printable.ts";
import { type Node, readTree } from "../mime/structure.ts";
import { textToHtml } from "../text/to_html.ts";
import { bodyOf, type Section } from "./body.ts";
import { applied, type Edit } from "./edit.ts";
import { openLeaf } from "./leaf.ts";
import { isArmoured } from "./sealed.ts";

/** Nobody reads longer ones; characters. */
const LONGEST = 2 * 1024 * 1024;
/** Characters that a boundary is made from. */
const HASHED = 1024;

/**
 * The message with an alternative for each section of its body, if all of them have the same one
 * form. The same message gives the same result each time.
 *
 * @param text lines end with CRLF
 */
export function withAlternative(text: string): string {
  const root = readTree(text, readHeader(text));
  if (root === null || isArmoured(text)) return text;
  const { sections, open } = bodyOf(text, root);
  const plain = sections.every((section) => section.html === null);
  const html = sections.every((section) => section.plain === null);
  if (!open || plain === html) return text;
  const edits: Edit[] = [];
  for (const section of sections) {
    const other = otherForm(text, section);
    if (other === null) return text;
    if (other === "") continue;
    edits.push(...wrapped(text, section.node, section.node === root, { other, last: plain }));
  }
  return edits.length === 0 ? text : applied(text, edits);
}

/** The part to add; empty when there is nothing to say, null when the message is to be left alone. */
function otherForm(text: string, { plain, html }: Section): string | null {
  const leaf = (plain ?? html)!;
  const opened = openLeaf(text, leaf, false);
  if (opened === null || opened.text.length > LONGEST || isArmoured(opened.text)) return null;
  const content = decodeCharset(opened.text, leaf.type.parameters.get("charset"));
  if (content === null) return null;
  if (content.trim() === "") return "";
  const { parameters } = leaf.type;
  const other = html === null
    ? textToHtml(content, {
      flowed: parameters.get("format")?.toLowerCase() === "flowed",
      delSp: parameters.get("delsp")?.toLowerCase() === "yes",
    })
    : htmlToText(content);
  if (other === "") return "";
  const type = `Content-Type: text/${html === null ? "html" : "plain"}; charset=utf-8\r\n`;
  return isAscii(other) && !hasLongLine(other)
    ? `${type}\r\n${other}`
    : `${type}Content-Transfer-Encoding: quoted-printable\r\n\r\n` +
      encodeQp(Buffer.from(other, "utf8").toString("latin1"));
}

/** Puts a part and its other form into a multipart that takes its place. */
function wrapped(
  text: string,
  { header, end, encoding }: Node,
  whole: boolean,
  { other, last }: { other: string; last: boolean },
): Edit[] {
  // In the message's own header stands more than belongs to the part.
  const own = header.fields.filter(({ name }) => !whole || name.startsWith("content-"));
  const fields = own.map((field) => text.slice(field.start, field.end)).join("");
  const part = `${fields}\r\n${text.slice(header.bodyStart, end)}`;
  const parts = last ? [part, other] : [other, part];
  const boundary = boundaryFor(parts, other);
  const multipart = parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("") +
    `--${boundary}--${whole ? "\r\n" : ""}`;
  const declaration = `Content-Type: multipart/alternative; boundary="${boundary}"\r\n` +
    // What holds 8-bit parts is 8-bit itself (RFC 2045 §6.4).
    (encoding === "8bit" || encoding === "binary"
      ? `Content-Transfer-Encoding: ${encoding}\r\n`
      : "");
  if (!whole) return [{ start: header.start, end, by: `${declaration}\r\n${multipart}` }];
  const version = header.fields.some(({ name }) => name === "mime-version")
    ? ""
    : "MIME-Version: 1.0\r\n";
  return [
    ...own.map(({ start, end }) => ({ start, end, by: "" })),
    { start: header.end, end: header.end, by: version + declaration },
    { start: header.bodyStart, end, by: multipart },
  ];
}

/** From the content added (ASCII), so that a copy made again is the same; and not in either. */
function boundaryFor(parts: readonly string[], added: string): string {
  for (let salt = 0;; salt++) {
    const digest = hash("sha256", `${salt} ${added.slice(0, HASHED)}`, "base64url");
    // Quoted-printable and base64 never hold "=_" (RFC 2045 §6.7).
    const boundary = `=_${digest.slice(0, 24)}`;
    if (!parts.some((part) => part.includes(boundary))) return boundary;
  }
}
