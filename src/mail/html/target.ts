/** Where an `href` leads. */
import { isPlainUrl } from "../../rules/mod.ts";
import { decodeText, isAscii } from "../bytes.ts";
import { decodeReferences } from "./entities.ts";

/** Marks of the templating languages senders use: such a link is not finished. */
const PLACEHOLDER = /\{[{%]|\$\{|%%|\*\||<%|\[\[/;
/** Longer ones are left alone: what carries them must fit where a URL fits. */
const LONGEST = 2000;

/**
 * The absolute http or https URL, ASCII, that an attribute's value leads to; null when it leads
 * elsewhere (`mailto:`, `#anchor`, a placeholder …) or cannot be told for certain.
 *
 * @param value as it stands in the document, one character per byte
 * @param utf8 whether bytes outside ASCII are UTF-8
 */
export function targetOf(value: string, utf8: boolean): string | null {
  if (value.length > 3 * LONGEST) return null;
  const text = /[^!-~]/.test(value) ? cleaned(value, utf8) : value;
  if (text === null || !/^[h&]/i.test(text)) return null;
  const url = decodeReferences(text)?.trim();
  if (url === undefined || PLACEHOLDER.test(url)) return null;
  const href = isPlainUrl(url) ? url : normalised(url);
  return href !== null && href.length <= LONGEST ? href : null;
}

/** Without what browsers drop: spaces around, tabs and line ends anywhere (WHATWG URL §4.4). */
function cleaned(value: string, utf8: boolean): string | null {
  const text = value.replace(/[\t\r\n]+/g, "");
  if (isAscii(text)) return text.trim();
  return utf8 ? decodeText(text).trim() : null;
}

function normalised(url: string): string | null {
  return /^https?:\/\/[^/\\]/i.test(url) ? URL.parse(url)?.href ?? null : null;
}
