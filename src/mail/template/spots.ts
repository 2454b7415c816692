/** Where an HTML document is opened for what differs from copy to copy. */
import { escapeAttribute } from "../html/entities.ts";
import { scanHtml } from "../html/scan.ts";
import { targetOf } from "../html/target.ts";

/** What a copy puts into the holes. */
export interface Filling {
  /** The URL for the link at this position of the message. */
  link(position: number): string;
  /** URL of the pixel, or null for none. */
  pixel: string | null;
}

/** A place in the decoded document. */
export interface Spot {
  /** Position and URL of the link; null for the pixel's place, which has no extent. */
  readonly link: { position: number; url: string } | null;
  /** The whole attribute `href="…"`. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
}

/** Links of one message that are replaced at the most; the others keep their targets. */
export const MAX_LINKS = 5000;

/**
 * The links that lead to http or https and the pixel's place: before the last `</body>`, else at
 * the end. Adds the links' URLs to `links`; their index there is the position.
 */
export function findSpots(
  html: string,
  options: { opens: boolean; clicks: boolean; utf8: boolean },
  links: string[],
): Spot[] {
  const { hrefs, bodyEnd } = scanHtml(html);
  const spots: Spot[] = [];
  if (options.clicks) {
    for (const href of hrefs) {
      if (links.length === MAX_LINKS) break;
      const url = targetOf(html.slice(href.valueStart, href.valueEnd), options.utf8);
      if (url !== null) spots.push({ ...href, link: { position: links.push(url) - 1, url } });
    }
  }
  if (options.opens) {
    const at = bodyEnd < 0 ? lastLineEnd(html) : bodyEnd;
    const before = spots.findIndex((spot) => spot.start >= at);
    const pixel = { link: null, start: at, valueStart: at, valueEnd: at, end: at };
    spots.splice(before < 0 ? spots.length : before, 0, pixel);
  }
  return spots;
}

/** The end of the text, its last line ends apart. */
function lastLineEnd(html: string): number {
  let end = html.length;
  while (end > 0 && (html[end - 1] === "\n" || html[end - 1] === "\r")) end--;
  return end;
}

/** What stands at a spot in a copy: the value of a link, or the pixel; null to leave it as it was. */
export function filled(spot: Spot, filling: Filling): string | null {
  if (spot.link === null) return filling.pixel === null ? null : pixelTag(filling.pixel);
  const url = filling.link(spot.link.position);
  return url === spot.link.url ? null : escapeAttribute(url);
}

function pixelTag(url: string): string {
  return `<img src="${escapeAttribute(url)}" width="1" height="1" alt="" ` +
    'style="display:block;width:1px;height:1px;border:0">';
}
