/**
 * HTML cut into tags and text by its tokenizer rules (WHATWG HTML §13.2.5): comments and raw text are
 * told apart as browsers do, so that nothing inside a conditional comment or a script is taken for a
 * link. One pass, whatever the input.
 */
import { type Attribute, endsName, isSpace, readAttribute } from "./attributes.ts";

/** Called for each token, in order; names are in lower case. */
export interface TokenHandlers {
  /** `closed`: it ends with `/>`. */
  startTag(name: string, attributes: readonly Attribute[], closed: boolean): void;
  endTag(name: string, start: number): void;
  /** `coded`: its character references count. */
  text?(start: number, end: number, coded: boolean): void;
}

interface Tag {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly closed: boolean;
  readonly end: number;
}

/** Elements whose content is text up to their end tag; `coded`: but for character references. */
const RAW_TEXT = new Map(
  ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"].map((name) => [
    name,
    {
      end: new RegExp(`</${name}[\\t\\n\\f\\r />]`, "gi"),
      coded: name === "title" || name === "textarea",
    },
  ]),
);

const SLASH = 47;
const GT = 62;
const NONE: readonly Attribute[] = [];

export function readTokens(html: string, { startTag, endTag, text }: TokenHandlers): void {
  /** SVG and MathML that is open: in there no text is raw. */
  let foreign = 0;

  /** Where the content goes on behind the start tag. */
  function open({ name, attributes, closed, end }: Tag): number {
    startTag(name, attributes, closed);
    if (isForeign(name) && !closed) foreign++;
    if (name === "plaintext") return rawText(end, html.length, false);
    const raw = foreign > 0 ? undefined : RAW_TEXT.get(name);
    if (raw === undefined) return end;
    raw.end.lastIndex = end;
    return rawText(end, raw.end.exec(html)?.index ?? html.length, raw.coded);
  }

  function rawText(start: number, end: number, coded: boolean): number {
    if (start < end) text?.(start, end, coded);
    return end;
  }

  function close({ name, end }: Tag, start: number): number {
    endTag(name, start);
    if (isForeign(name) && foreign > 0) foreign--;
    return end;
  }

  /** Where the text starts that is not told yet. */
  let from = 0;
  for (let at = html.indexOf("<"); at >= 0;) {
    const kind = kindOf(html, at);
    if (kind === "text") {
      at = html.indexOf("<", at + 1);
      continue;
    }
    if (from < at) text?.(from, at, true);
    if (kind === "comment") from = commentEnd(html, at);
    else {
      const tag = readTag(html, kind === "end" ? at + 2 : at + 1);
      // What the end of the document cuts off is no tag.
      from = tag === null ? html.length : kind === "end" ? close(tag, at) : open(tag);
    }
    at = html.indexOf("<", from);
  }
  if (from < html.length) text?.(from, html.length, true);
}

function kindOf(html: string, at: number): "start" | "end" | "comment" | "text" {
  const code = html.charCodeAt(at + 1);
  if (isLetter(code)) return "start";
  if (code === SLASH) {
    if (at + 2 === html.length) return "text";
    return isLetter(html.charCodeAt(at + 2)) ? "end" : "comment";
  }
  return code === 33 || code === 63 ? "comment" : "text";
}

/** Null when the document ends before the tag does. */
function readTag(html: string, start: number): Tag | null {
  let at = start;
  while (at < html.length && !endsName(html.charCodeAt(at))) at++;
  const name = html.slice(start, at).toLowerCase();
  let attributes: Attribute[] | null = null;
  let closed = false;
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === GT) return { name, attributes: attributes ?? NONE, closed, end: at + 1 };
    closed = code === SLASH;
    if (closed || isSpace(code)) {
      at++;
      continue;
    }
    const attribute = readAttribute(html, at);
    if (attribute === null) return null;
    (attributes ??= []).push(attribute);
    at = attribute.end;
  }
  return null;
}

/**
 * `<!-->` and `<!--->` are whole comments; `--!>` ends one too. Doctypes, CDATA, `<![if]>`, `<?…>`
 * and `</…>` without a name end at the first `>`; all of them at the document's end at the latest.
 */
function commentEnd(html: string, start: number): number {
  if (!html.startsWith("<!--", start)) {
    const end = html.indexOf(">", start + 2);
    return end < 0 ? html.length : end + 1;
  }
  const at = start + 4;
  if (html.startsWith(">", at)) return at + 1;
  if (html.startsWith("->", at)) return at + 2;
  for (let dashes = html.indexOf("--", at); dashes >= 0; dashes = html.indexOf("--", dashes + 1)) {
    if (html.charCodeAt(dashes + 2) === GT) return dashes + 3;
    if (html.startsWith("!>", dashes + 2)) return dashes + 4;
  }
  return html.length;
}

function isForeign(name: string): boolean {
  return name === "svg" || name === "math";
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}
