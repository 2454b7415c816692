/** Mail to the address to unsubscribe at: whether a person asks for it. */
import { isAutomatic, isBulk, isFromServer } from "./automatic.ts";
import type { Incoming } from "./incoming.ts";

/** A subject or first line that is nothing but the wish, an answer's "Re:" apart. */
const WISH =
  /^\s*(?:re|aw|tr|rép|fwd?)?\s*:?\s*(?:please\s+|merci de me\s+)?(?:stop|unsubscribe(?: me)?|remove(?: me)?|opt[ -]?out|se d[ée]sabonner|d[ée]s(?:abonn(?:er|ez[ -]moi|ement)|inscri(?:re|vez[ -]moi|ption))|abmelden|abbestellen|baja|cancelar|disiscriviti|afmelden)[\s.!]*$/i;

/**
 * Any mail of a person to that address counts: many programs send an empty one. What programs
 * answer by themselves does not; and of mail that looks like a list's, only what says so in words.
 */
export function asksToUnsubscribe(incoming: Incoming): boolean {
  if (isFromServer(incoming) || isAutomatic(incoming)) return false;
  if (incoming.parts.some(({ type }) => REPORTS.test(type))) return false;
  return !isBulk(incoming) || says(incoming);
}

const REPORTS = /^message\/(?:delivery-status|global-delivery-status|feedback-report|disposition)/;

function says({ subject, text }: Incoming): boolean {
  const first = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return WISH.test(subject) || WISH.test(first);
}
