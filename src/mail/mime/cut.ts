/** Taking parts out of a multipart. */
import type { Header } from "../header/fields.ts";

/**
 * What to cut out of the text so that the parts before and behind stand as if this one had never
 * been: from the line of the delimiter above it to the line of the one below.
 */
export function cutOf(
  text: string,
  { header, end }: { readonly header: Header; readonly end: number },
  boundary: string,
): { start: number; end: number } {
  const start = text.lastIndexOf("\n", header.start - 2) + 1;
  return { start, end: text.startsWith(`\r\n--${boundary}`, end) ? end + 2 : end };
}
