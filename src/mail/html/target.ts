/** Where an `href` leads. */
import { decodeText, isAscii } from "../bytes.ts";
import { decodeReferences } from "./entities.ts";

/** The common case, told without a URL parser: a host name and printable characters. */
const PLAIN =
  /^https?:\/\/(?!\S*xn--)(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*(?::\d{1,4})?(?:[/?#][!-~]*)?$/i;
/** Longer ones are left alone: what carries them must fit where a URL fits. */
const LONGEST = 2000;
const PLACEHOLDER = /\{\{|\$\{|%%|\*\||<%|\[\[|\{%/;

/**
 * The absolute http or https URL, ASCII, that an attribute's value leads to; null when it leads
 * elsewhere (`mailto:`, `#anchor`, a placeholder …) or cannot be told for certain.
 *
 * @param value as it stands in the document, one character per byte
 * @param utf8 whether bytes outside ASCII are UTF-8
 */
export function targetOf(value: string, utf8: boolean): string | null {
  if (value.length > 3 * LONGEST) return null;
  // Browsers trim C0 controls and spaces and drop tabs and line ends (WHATWG URL §4.4).
  let text = /[\t\r\n]/.test(value) ? value.replace(/[\t\r\n]+/g, "") : value;
  if (!/^\s*h|^\s*&/i.test(text)) return null;
  if (!isAscii(text)) {
    if (!utf8) return null;
    text = decodeText(text);
  }
  const url = decodeReferences(text)?.trim();
  if (url === undefined || PLACEHOLDER.test(url)) return null;
  const href = PLAIN.test(url) ? url : normalised(url);
  return href !== null && href.length <= LONGEST ? href : null;
}

function normalised(url: string): string | null {
  return /^https?:\/\/[^/\\]/i.test(url) ? URL.parse(url)?.href ?? null : null;
}
