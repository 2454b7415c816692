/** Values with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1, RFC 2183). */

export interface Parametrised {
  /** Lower case, without parameters: `text/html`, `attachment`. */
  value: string;
  /** By name, lower case. The first one of a name counts. */
  parameters: ReadonlyMap<string, string>;
}

/** No real value is longer; what is, is not looked into. */
const LONGEST = 4096;
const PARAMETER = /;\s*([^\s=;"*]+)(\*(?:\d+\*?)?)?\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|([^\s;"]*))/g;

/**
 * Reads an unfolded value. Names in pieces or with a charset (RFC 2231) are noted under their bare
 * name, so that it can be seen that they are there; their values are not decoded.
 */
export function parseParametrised(text: string): Parametrised {
  if (text.length > LONGEST) return { value: "", parameters: new Map() };
  const plain = text.includes("(") ? withoutComments(text) : text;
  const parameters = new Map<string, string>();
  for (const [, name, , quoted, token] of plain.matchAll(PARAMETER)) {
    const key = name!.toLowerCase();
    if (!parameters.has(key)) {
      parameters.set(key, quoted === undefined ? token! : quoted.replace(/\\([^])/g, "$1"));
    }
  }
  const end = plain.indexOf(";");
  return { value: (end < 0 ? plain : plain.slice(0, end)).trim().toLowerCase(), parameters };
}

/** Comments stand outside quoted strings only; nested ones are as good as unheard of here. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[^])*"|\([^()]*\)/g, (found) => found[0] === "(" ? " " : found);
}
