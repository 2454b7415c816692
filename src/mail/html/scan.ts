/**
 * Finds links in HTML by its tokenizer rules (WHATWG HTML §13.2.5), without building a tree: tags,
 * comments and raw text are told apart as browsers do, so that nothing inside a conditional
 * comment or a script is taken for a link. One pass, whatever the input.
 */

/** An `href` of an `a` or `area`; offsets in the text. */
export interface Href {
  /** Where the attribute's name starts. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind the closing quote. */
  readonly end: number;
}

export interface Scan {
  readonly hrefs: readonly Href[];
  /** Where the last `</body>` starts; -1 when there is none. */
  readonly bodyEnd: number;
}

/** Elements whose content is text up to their end tag. */
const RAW_TEXT: Readonly<Record<string, RegExp>> = Object.fromEntries(
  ["script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"]
    .map((name) => [name, new RegExp(`</${name}[\\t\\n\\f\\r />]`, "gi")]),
);

const GT = 62;

export function scanHtml(html: string): Scan {
  const hrefs: Href[] = [];
  let bodyEnd = -1;
  let at = html.indexOf("<");
  while (at >= 0) {
    const code = html.charCodeAt(at + 1);
    if (isLetter(code)) {
      const nameEnd = endOfName(html, at + 1);
      const name = html.slice(at + 1, nameEnd).toLowerCase();
      const tag = readAttributes(html, nameEnd);
      if (tag === null) break;
      if (tag.href !== null && (name === "a" || name === "area")) hrefs.push(tag.href);
      at = afterRawText(html, name, tag.end);
    } else if (code === 47 && isLetter(html.charCodeAt(at + 2))) {
      const nameEnd = endOfName(html, at + 2);
      const tag = readAttributes(html, nameEnd);
      if (tag === null) break;
      if (html.slice(at + 2, nameEnd).toLowerCase() === "body") bodyEnd = at;
      at = tag.end;
    } else if (html.startsWith("<!--", at)) at = commentEnd(html, at + 4);
    // Doctypes, CDATA, `<![if]>`, `<?…>` and `</…>` without a name end at the first `>`.
    else if (code === 33 || code === 63 || code === 47) at = behind(html, ">", at + 2);
    else at++;
    at = at < 0 ? -1 : html.indexOf("<", at);
  }
  return { hrefs, bodyEnd };
}

/** The tag's first `href` and where the tag ends; null when the document ends before. */
function readAttributes(html: string, from: number): { href: Href | null; end: number } | null {
  let href: Href | null = null;
  /** Of several attributes with one name the first counts, value or not. */
  let seen = false;
  let at = from;
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === GT) return { href, end: at + 1 };
    if (isSpace(code) || code === 47) {
      at++;
      continue;
    }
    const start = at;
    at++; // a name may start with anything, `=` included
    while (at < html.length && !endsAttributeName(html.charCodeAt(at))) at++;
    const first: boolean = !seen && at - start === 4 && isHref(html, start);
    seen ||= first;
    at = skipSpace(html, at);
    if (html.charCodeAt(at) !== 61) continue;
    at = skipSpace(html, at + 1);
    const quote = html.charCodeAt(at);
    if (quote === GT) continue;
    const quoted = quote === 34 || quote === 39;
    const valueStart = quoted ? at + 1 : at;
    const valueEnd = quoted
      ? html.indexOf(quote === 34 ? '"' : "'", valueStart)
      : endOfUnquoted(html, valueStart);
    if (valueEnd < 0) return null;
    at = quoted ? valueEnd + 1 : valueEnd;
    if (first) href = { start, valueStart, valueEnd, end: at };
  }
  return null;
}

function afterRawText(html: string, name: string, at: number): number {
  if (name === "plaintext") return -1;
  const end = Object.hasOwn(RAW_TEXT, name) ? RAW_TEXT[name] : undefined;
  if (end === undefined) return at;
  end.lastIndex = at;
  return end.exec(html)?.index ?? -1;
}

/** `<!-->` and `<!--->` are whole comments; `--!>` ends one too. */
function commentEnd(html: string, at: number): number {
  if (html.startsWith(">", at)) return at + 1;
  if (html.startsWith("->", at)) return at + 2;
  for (let dashes = html.indexOf("--", at); dashes >= 0; dashes = html.indexOf("--", dashes + 1)) {
    if (html.charCodeAt(dashes + 2) === GT) return dashes + 3;
    if (html.startsWith("!>", dashes + 2)) return dashes + 4;
  }
  return -1;
}

function behind(html: string, what: string, at: number): number {
  const found = html.indexOf(what, at);
  return found < 0 ? -1 : found + what.length;
}

function endOfName(html: string, at: number): number {
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === GT || code === 47 || isSpace(code)) break;
    at++;
  }
  return at;
}

function endOfUnquoted(html: string, at: number): number {
  while (at < html.length) {
    const code = html.charCodeAt(at);
    if (code === GT || isSpace(code)) return at;
    at++;
  }
  return -1;
}

function skipSpace(html: string, at: number): number {
  while (isSpace(html.charCodeAt(at))) at++;
  return at;
}

function isHref(html: string, at: number): boolean {
  return (html.charCodeAt(at) | 32) === 104 && html.slice(at, at + 4).toLowerCase() === "href";
}

function endsAttributeName(code: number): boolean {
  return code === 61 || code === GT || code === 47 || isSpace(code);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 12;
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}
