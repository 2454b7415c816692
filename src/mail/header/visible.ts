/** Addresses that a reader sees in a field, whatever the field's grammar makes of them. */
import { decodeText } from "../bytes.ts";
import { decodeWords } from "./words.ts";

/** What ends a word: white space and what is special in address fields. */
const BETWEEN = /[\s<>()[\]",;:\\]+/;
/** Zero-width characters and the like: nobody sees them in an address. */
const INVISIBLE = /\p{Cf}+/gu;
const DOMAIN = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u;

/**
 * All that looks like `local@domain.tld` in an unfolded field body given as byte text: also in
 * names, comments, quoted strings, source routes and encoded words, since mail programs differ in
 * what they show and in whether they decode before they parse.
 */
export function visibleAddresses(value: string): string[] {
  const found: string[] = [];
  for (const text of new Set([decodeText(value), decodeWords(value)])) {
    for (const word of text.replace(INVISIBLE, "").split(BETWEEN)) {
      const pieces = word.split("@");
      for (let i = 1; i < pieces.length; i++) {
        const local = pieces[i - 1]!.replace(/^['*]+/, "");
        const domain = DOMAIN.exec(pieces[i]!)?.[0];
        if (local !== "" && domain !== undefined) found.push(`${local}@${domain}`);
      }
    }
  }
  return found;
}
