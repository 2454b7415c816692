/** Web and mail addresses in plain text. */
import { PLACEHOLDER } from "../placeholder.ts";

/** A piece of the text; `href` where it leads, null for text that leads nowhere. */
export interface Piece {
  readonly text: string;
  readonly href: string | null;
}

const LOCAL = "[\\w.!#$%&'*+/=?^`{|}~-]";
const LINK = new RegExp(
  `(${PLACEHOLDER.source})` +
    // Full-width and CJK punctuation stands right behind an address, and belongs to the sentence.
    '|\\b((?:https?://|www\\.)(?=[\\p{L}\\p{N}[])[^\\s<>"\\u3000-\\u303f\\uff00-\\uffef]+)' +
    // Each word is looked at once, from its start.
    `|(?<!${LOCAL})(${LOCAL}{1,64}@(?:[a-z0-9-]{1,63}\\.)+[a-z]{2,63})(?![\\w@-])`,
  "giu",
);

/** The text cut at what somebody could follow. */
export function findLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const [whole, placeholder, web] = found;
    const link = web === undefined ? whole : web.slice(0, endOfUrl(web));
    if (found.index > at) pieces.push({ text: text.slice(at, found.index), href: null });
    pieces.push({ text: link, href: hrefOf(link, placeholder, web) });
    at = found.index + link.length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), href: null });
  return pieces;
}

function hrefOf(link: string, placeholder: string | undefined, web: string | undefined): string {
  if (placeholder !== undefined) return link;
  if (web === undefined) return `mailto:${link}`;
  return /^www\./i.test(link) ? `http://${link}` : link;
}

/** Without the punctuation of the sentence around it; a bracket belongs to it that it opened. */
function endOfUrl(url: string): number {
  let end = url.length;
  let unopened = url.split(")").length - url.split("(").length;
  while (end > 0) {
    const last = url[end - 1]!;
    if (last === ")" && unopened > 0) unopened--;
    else if (!".,;:!?'*_~|]»”’…".includes(last)) break;
    end--;
  }
  return end;
}
