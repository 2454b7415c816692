/** Links to the files of a message at the end of a body, where the message held the files themselves. */
import type { LinkedFile } from "../../events/mod.ts";
import { htmlWords, textWords } from "./words.ts";

export interface FileLinks {
  readonly files: readonly Pick<LinkedFile, "name" | "size">[];
  /** Whether the message is in French; else English. */
  readonly french: boolean;
}

/** The same word in both languages. */
const TITLE = "Documents";

/** @param url of the file at this place; ASCII, without characters that HTML has a use for */
export function fileLinksHtml(
  { files, french }: FileLinks,
  url: (index: number) => string,
): string {
  const lines = files.map(({ name, size }, i) =>
    `<p style="margin:4px 0 0"><a href="${url(i)}"\r\n>${htmlWords(name)}</a>\r\n` +
    `(${shownSize(size, french)})</p>\r\n`
  );
  return `\r\n<div style="margin:24px 0 0">\r\n` +
    `<p style="margin:0"><strong>${TITLE}</strong></p>\r\n${lines.join("")}</div>\r\n`;
}

/** As bytes of the text's character set. */
export function fileLinksText(
  { files, french }: FileLinks,
  url: (index: number) => string,
  charset: string | undefined,
): string {
  const lines = files.map(({ name, size }, i) => {
    const shown = textWords(name, charset) || `${i + 1}`;
    return `\r\n- ${shown} (${shownSize(size, french)})\r\n  ${url(i)}`;
  });
  return `\r\n\r\n${TITLE}${lines.join("")}`;
}

const UNITS = { en: ["B", "KB", "MB"], fr: ["o", "Ko", "Mo"] } as const;

/** `980 B`, `12 KB`, `1.4 MB`; `1,4 Mo` in French. */
function shownSize(bytes: number, french: boolean): string {
  const units = UNITS[french ? "fr" : "en"];
  const kilobytes = Math.round(bytes / 1024);
  if (bytes < 1000) return `${bytes} ${units[0]}`;
  if (kilobytes < 1000) return `${Math.max(1, kilobytes)} ${units[1]}`;
  const megabytes = (bytes / (1024 * 1024)).toFixed(1);
  return `${french ? megabytes.replace(".", ",") : megabytes} ${units[2]}`;
}
