/** The link to unsubscribe at the end of a body, for senders who have put none in. */
import { htmlWords, textWords } from "./words.ts";

export function footerHtml(words: string, url: string): string {
  return '\r\n<p style="margin:24px 0 0;font-size:12px">' +
    `<a href="${url}"\r\nstyle="color:#666">${htmlWords(words)}</a></p>\r\n`;
}

/** As bytes of the text's character set. */
export function footerText(words: string, url: string, charset: string | undefined): string {
  const shown = textWords(words, charset);
  return `\r\n\r\n${shown === "" ? "" : `${shown}: `}${url}`;
}
