/** Where a sender wants the recipient's own link to unsubscribe. */

/**
 * `{{unsubscribe}}`, URL-encoded as well, as editors do it in links; they also like to put `http://`
 * before it.
 */
export const PLACEHOLDER = /(?:https?:\/\/)?(?:\{\{|%7B%7B)unsubscribe(?:\}\}|%7D%7D)/i;

/** Whether there is one. Most text is told not to have any without much of a look. */
export function hasPlaceholder(text: string): boolean {
  return (text.includes("{{") || text.includes("%7")) && PLACEHOLDER.test(text);
}

/** Places in one part that are looked at; real mail has one or two. */
const MOST = 1000;

/** Start and end of each in a text of one character per byte, in order. */
export function findPlaceholders(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  if (!hasPlaceholder(text)) return found;
  for (const match of text.matchAll(new RegExp(PLACEHOLDER, "gi"))) {
    if (found.push({ start: match.index, end: match.index + match[0].length }) === MOST) break;
  }
  return found;
}
