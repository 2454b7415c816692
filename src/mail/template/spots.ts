/** Where a document is opened for what differs from copy to copy. */
import { isAscii } from "../bytes.ts";
import type { Attribute } from "../html/attributes.ts";
import { escapeAttribute } from "../html/entities.ts";
import { scanHtml } from "../html/scan.ts";
import { targetOf } from "../html/target.ts";
import { isUtf8 } from "../mime/charset.ts";
import { findPlaceholders, hasPlaceholder } from "../placeholder.ts";
import { type FileLinks, fileLinksHtml, fileLinksText } from "./file_links.ts";
import { footerHtml, footerText } from "./footer.ts";

/** What a copy puts into the holes. */
export interface Filling {
  /** The URL for the link at this position of the message. */
  link(position: number): string;
  /** URL of the pixel, or null for none. */
  pixel: string | null;
  /** The recipient's URL to unsubscribe: ASCII, without characters that HTML has a use for. */
  unsubscribe(): string;
  /** The URL of the file at this place of the message: the same kind of text. */
  file(index: number): string;
}

/** A place in the decoded document. */
export interface Spot {
  /** What is kept on one line: the whole attribute `href="…"`. */
  readonly start: number;
  readonly end: number;
  /** What is replaced. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whether what comes here may need an encoding: a line too long, or not ASCII. */
  readonly encode: boolean;
  /** What comes here, in the document's own bytes; null to leave it as it was. */
  fill(filling: Filling): string | null;
}

export interface SpotOptions {
  readonly opens: boolean;
  readonly clicks: boolean;
  /** Words of the link at the end; null for none. */
  readonly footer: string | null;
  /** Files to link to at the end, before that; null for none. */
  readonly files: FileLinks | null;
  /** The document's character set, as its part names it. */
  readonly charset: string | undefined;
}

/** Links of one message that are replaced at the most; the others keep their targets. */
export const MAX_LINKS = 5000;
/** A longer link may not fit on a line once it is replaced. */
const LONG_LINK = 400;

/**
 * The links that lead to http or https, the placeholders, and the place of files, footer and pixel:
 * before the last `</body>`, else at the end. Adds the links' URLs to `links`; their index there is the
 * position.
 */
export function htmlSpots(html: string, options: SpotOptions, links: string[]): Spot[] {
  const { hrefs, bodyEnd } = scanHtml(html);
  const spots = options.clicks ? linkSpots(html, hrefs, isUtf8(options.charset), links) : [];
  spots.push(...placeholderSpots(html));
  const at = bodyEnd < 0 ? lastLineEnd(html) : bodyEnd;
  const { footer, files } = options;
  if (files !== null) {
    const longest = Math.max(...fileLinksHtml(files, () => "").split("\r\n").map((l) => l.length));
    const fill = ({ file }: Filling) => fileLinksHtml(files, file);
    spots.push(insertion(at, longest > LONG_LINK, fill));
  }
  if (footer !== null) {
    const fill = ({ unsubscribe }: Filling) => footerHtml(footer, unsubscribe());
    spots.push(insertion(at, footer.length > LONG_LINK / 4, fill));
  }
  if (options.opens) {
    spots.push(insertion(at, false, ({ pixel }) => pixel === null ? null : pixelTag(pixel)));
  }
  return spots.sort((a, b) => a.start - b.start);
}

/** The placeholders, and the place of files and footer at the end. */
export function textSpots(text: string, { footer, files, charset }: SpotOptions): Spot[] {
  const spots = placeholderSpots(text);
  const at = lastLineEnd(text);
  if (files !== null) {
    const fill = ({ file }: Filling) => fileLinksText(files, file, charset);
    spots.push(insertion(at, !isAscii(fileLinksText(files, () => "", charset)), fill));
  }
  if (footer !== null) {
    const fill = ({ unsubscribe }: Filling) => footerText(footer, unsubscribe(), charset);
    spots.push(insertion(at, !isAscii(footerText(footer, "", charset)), fill));
  }
  return spots;
}

function linkSpots(
  html: string,
  hrefs: readonly Attribute[],
  utf8: boolean,
  links: string[],
): Spot[] {
  const spots: Spot[] = [];
  for (const href of hrefs) {
    if (links.length === MAX_LINKS) break;
    const value = html.slice(href.valueStart, href.valueEnd);
    const url = hasPlaceholder(value) ? null : targetOf(value, utf8);
    if (url === null) continue;
    const position = links.push(url) - 1;
    const { start, end, valueStart, valueEnd } = href;
    spots.push({
      start,
      end,
      valueStart,
      valueEnd,
      encode: url.length >= LONG_LINK,
      fill({ link }) {
        const other = link(position);
        return other === url ? null : escapeAttribute(other);
      },
    });
  }
  return spots;
}

function placeholderSpots(text: string): Spot[] {
  return findPlaceholders(text).map(({ start, end }) => ({
    start,
    end,
    valueStart: start,
    valueEnd: end,
    encode: false,
    fill: ({ unsubscribe }) => unsubscribe(),
  }));
}

function insertion(at: number, encode: boolean, fill: Spot["fill"]): Spot {
  return { start: at, end: at, valueStart: at, valueEnd: at, encode, fill };
}

/** The end of the text, its last line ends apart. */
function lastLineEnd(html: string): number {
  let end = html.length;
  while (end > 0 && (html[end - 1] === "\n" || html[end - 1] === "\r")) end--;
  return end;
}

function pixelTag(url: string): string {
  return `<img src="${escapeAttribute(url)}" width="1" height="1" alt="" ` +
    'style="display:block;width:1px;height:1px;border:0">';
}
