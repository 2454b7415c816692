/** Words of ours put into a document of any character set. */
import { Buffer } from "node:buffer";
import { isUtf8 } from "../mime/charset.ts";

/** Sets whose upper half is that of Unicode (its first 32 places apart). */
const LATIN1 = /^(iso-?8859-(1|15)|latin1|windows-1252|cp1252)$/i;

/** For HTML: ASCII, whatever the document's character set. */
export function htmlWords(words: string): string {
  return words.replace(/[^ !#-%'-;=?-~]/gu, (char) => `&#${char.codePointAt(0)};`);
}

/**
 * For text, as bytes of its character set; letters that are not in the set lose their accents or are
 * left out.
 */
export function textWords(words: string, charset: string | undefined): string {
  if (charset === undefined) return ascii(words);
  if (isUtf8(charset)) return Buffer.from(words, "utf8").toString("latin1");
  return LATIN1.test(charset) &&
      /^[ -~\xa0-\xa3\xa5\xa7\xa9-\xb3\xb5-\xb7\xb9-\xbb\xbf-\xff]*$/.test(words)
    ? words
    : ascii(words);
}

function ascii(words: string): string {
  return words.normalize("NFKD").replace(/[^ -~]/g, "").trim();
}
