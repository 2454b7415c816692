/** Attributes of an HTML tag (WHATWG HTML §13.2.5.32–39). */

/** As it stands in the document; offsets. */
export interface Attribute {
  readonly start: number;
  readonly nameEnd: number;
  /** -1 for an attribute without a value. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Behind the closing quote. */
  readonly end: number;
}

const SLASH = 47;
const EQUALS = 61;
const GT = 62;

/** Reads the one that starts there; null when the document ends before it does. */
export function readAttribute(html: string, start: number): Attribute | null {
  let at = start + 1; // a name may start with anything, `=` included
  while (at < html.length && !endsName(html.charCodeAt(at)) && html.charCodeAt(at) !== EQUALS) at++;
  const nameEnd = at;
  at = skipSpace(html, at);
  const none = { start, nameEnd, valueStart: -1, valueEnd: -1, end: at };
  if (html.charCodeAt(at) !== EQUALS) return none;
  at = skipSpace(html, at + 1);
  const quote = html.charCodeAt(at);
  if (quote === GT) return { ...none, end: at };
  const quoted = quote === 34 || quote === 39;
  const valueStart = quoted ? at + 1 : at;
  const valueEnd = quoted
    ? html.indexOf(quote === 34 ? '"' : "'", valueStart)
    : endOfUnquoted(html, valueStart);
  if (valueEnd < 0) return null;
  return { start, nameEnd, valueStart, valueEnd, end: quoted ? valueEnd + 1 : valueEnd };
}

/** The first attribute of that name (lower case): of several it counts, value or not. */
export function attributeOf(
  html: string,
  attributes: readonly Attribute[],
  name: string,
): Attribute | undefined {
  return attributes.find(({ start, nameEnd }) =>
    nameEnd - start === name.length && html.slice(start, nameEnd).toLowerCase() === name
  );
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

/** Whether a name of a tag, or of an attribute, ends before the character. */
export function endsName(code: number): boolean {
  return code === GT || code === SLASH || isSpace(code);
}

/** White space as HTML has it. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9 || code === 12;
}
