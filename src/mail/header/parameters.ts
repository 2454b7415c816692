/** Values with parameters: Content-Type, Content-Disposition (RFC 2045 §5.1, RFC 2183). */
import { decodeText, toBytes } from "../bytes.ts";
import { decodeWords } from "./words.ts";

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
  for (const { key, value } of parametersOf(plain)) {
    if (!parameters.has(key)) parameters.set(key, value);
  }
  const end = plain.indexOf(";");
  return { value: (end < 0 ? plain : plain.slice(0, end)).trim().toLowerCase(), parameters };
}

/** `star`: what RFC 2231 puts behind the name: `*`, `*0`, `*0*`; undefined for nothing. */
function* parametersOf(plain: string) {
  for (const [, name, star, quoted, token] of plain.matchAll(PARAMETER)) {
    const value = quoted === undefined ? token! : quoted.replace(/\\([^])/g, "$1");
    yield { key: name!.toLowerCase(), star, value };
  }
}

/**
 * A parameter of an unfolded value made readable: in pieces and with a charset (RFC 2231), or as mail
 * programs write it against the rules, in encoded words or bare bytes. Null when there is none.
 *
 * @param name lower case
 */
export function readableParameter(text: string, name: string): string | null {
  if (text.length > LONGEST) return null;
  const found = [...parametersOf(text.includes("(") ? withoutComments(text) : text)]
    .filter(({ key }) => key === name);
  const pieces = found.filter(({ star }) => star !== undefined)
    .map(({ star, value }) => ({ place: parseInt(star!.slice(1)) || 0, star: star!, value }))
    .sort((a, b) => a.place - b.place);
  if (pieces.length === 0) return found[0] === undefined ? null : decodeWords(found[0].value);
  const [, charset, rest] = /^([^']*)'[^']*'([^]*)$/.exec(pieces[0]!.value) ?? [];
  const isExtended = pieces[0]!.star.endsWith("*") && rest !== undefined;
  if (isExtended) pieces[0]!.value = rest;
  const bytes = pieces.map(({ star, value }) => star.endsWith("*") ? percentDecoded(value) : value);
  return inCharset(bytes.join(""), isExtended ? charset! : "");
}

/** Into bytes, one character each. */
export function percentDecoded(text: string): string {
  return text.replace(
    /%([0-9a-f]{2})/gi,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

function inCharset(bytes: string, charset: string): string {
  try {
    return charset === "" ? decodeText(bytes) : new TextDecoder(charset).decode(toBytes(bytes));
  } catch {
    return decodeText(bytes); // a charset nobody knows
  }
}

/** Comments stand outside quoted strings only; nested ones are as good as unheard of here. */
function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[^])*"|\([^()]*\)/g, (found) => found[0] === "(" ? " " : found);
}
