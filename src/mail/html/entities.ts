/** Character references (WHATWG HTML §13.2.5.72–80). */
import { Parser } from "htmlparser2";

/** Names of U+00A0 … U+00FF in order: they, and a few of ASCII, may go without a semicolon. */
const LATIN1 = (
  "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn " +
  "sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave " +
  "Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml " +
  "ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN " +
  "szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute " +
  "icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml " +
  "yacute thorn yuml"
).split(" ");

const NAMED = new Map<string, string>([
  ...LATIN1.map((name, i): [string, string] => [name, String.fromCharCode(0xa0 + i)]),
  ...Object.entries({ amp: "&", AMP: "&", lt: "<", LT: "<", gt: ">", GT: ">" }),
  ...Object.entries({ quot: '"', QUOT: '"', COPY: "\xa9", REG: "\xae" }),
]);

/** Those of the many others, never without a semicolon, that mail is full of. */
const COMMON = new Map(Object.entries({
  apos: "'",
  bull: "\u2022",
  euro: "\u20ac",
  hellip: "\u2026",
  ldquo: "\u201c",
  lsquo: "\u2018",
  mdash: "\u2014",
  ndash: "\u2013",
  rarr: "\u2192",
  rdquo: "\u201d",
  rsquo: "\u2019",
  trade: "\u2122",
  zwj: "\u200d",
  zwnj: "\u200c",
}));

const REFERENCE = /&(?:#(?:[xX]([0-9a-fA-F]+)|(\d+))|([A-Za-z][A-Za-z0-9]*))(;)?/g;

/** An attribute's value with its references replaced. */
export function decodeAttribute(value: string): string {
  return decodeReferences(value) ?? attributeByParser(value);
}

/** Text between tags with its references replaced. */
export function decodeContent(text: string): string {
  return decodeReferences(text, false) ?? contentByParser(text);
}

/**
 * The value with its references replaced, or null when it has one whose meaning is not known here
 * for certain. `&name` that `=`, a letter or a digit follows is no reference in an attribute.
 */
export function decodeReferences(value: string, inAttribute = true): string | null {
  if (!value.includes("&")) return value;
  if (!/&(?!amp;)/.test(value)) return value.replaceAll("&amp;", "&");
  let known = true;
  const text = value.replace(
    REFERENCE,
    (source, hex?: string, decimal?: string, name?: string, semicolon?: string, at = 0) => {
      if (name === undefined) {
        const code = hex === undefined ? Number(decimal) : parseInt(hex, 16);
        // Zero, surrogates and C1 are replaced by other characters; no link needs them.
        const plain = code > 0 && code < 0x110000 && (code < 0x80 || code > 0x9f) &&
          (code < 0xd800 || code > 0xdfff);
        known &&= plain;
        return plain ? String.fromCodePoint(code) : source;
      }
      if (inAttribute && semicolon === undefined && value[at + source.length] === "=") {
        return source;
      }
      const char = NAMED.get(name) ?? (semicolon ? COMMON.get(name) : undefined);
      if (char !== undefined) return char;
      known &&= inAttribute && semicolon === undefined;
      return source;
    },
  );
  return known ? text : null;
}

/** Some two thousand more names are left to an established parser. */
function attributeByParser(value: string): string {
  let decoded = "";
  const parser = new Parser({ onattribute: (_, text) => void (decoded = text) });
  parser.end(`<a title="${value.replaceAll('"', "&quot;")}">`);
  return decoded;
}

function contentByParser(text: string): string {
  let decoded = "";
  const parser = new Parser({ ontext: (piece) => void (decoded += piece) });
  parser.end(text.replaceAll("<", "&lt;"));
  return decoded;
}

/** The value as it may stand in an attribute, in quotes of any kind or none. */
export function escapeAttribute(value: string): string {
  return /[&<>"'`\s]/.test(value)
    ? value.replace(/[&<>"'`\s]/g, (char) => `&#${char.charCodeAt(0)};`)
    : value;
}
