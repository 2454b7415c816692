/** The link to unsubscribe at the end of a body, for senders who have put none in. */
import { Buffer } from "node:buffer";
import { isUtf8 } from "../mime/charset.ts";

/** Sets whose upper half is that of Unicode (its first 32 places apart). */
const LATIN1 = /^(iso-?8859-(1|15)|latin1|windows-1252|cp1252)$/i;

/** In HTML: ASCII, whatever the document's character set. */
export function footerHtml(words: string, url: string): string {
  const shown = words.replace(
    /[^ !#-%'-;=?-~]/gu,
    (char) => `&#${char.codePointAt(0)};`,
  );
  return '\r\n<p style="margin:24px 0 0;font-size:12px">' +
    `<a href="${url}"\r\nstyle="color:#666">${shown}</a></p>\r\n`;
}

/**
 * In text, as bytes of its character set; letters that are not in the set lose their accents or are
 * left out.
 */
export function footerText(words: string, url: string, charset: string | undefined): string {
  const shown = charset === undefined ? ascii(words) : inCharset(words, charset);
  return `\r\n\r\n${shown === "" ? "" : `${shown}: `}${url}`;
}

function inCharset(words: string, charset: string): string {
  if (isUtf8(charset)) return Buffer.from(words, "utf8").toString("latin1");
  return LATIN1.test(charset) &&
      /^[ -~\xa0-\xa3\xa5\xa7\xa9-\xb3\xb5-\xb7\xb9-\xbb\xbf-\xff]*$/.test(words)
    ? words
    : ascii(words);
}

function ascii(words: string): string {
  return words.normalize("NFKD").replace(/[^ -~]/g, "").trim();
}
