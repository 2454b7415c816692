/** When a domain is checked again. Pure. */
import type { Domain } from "../settings/mod.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Somebody is likely to be at work on it. */
const SOON = 5 * MINUTE;
/** How long after a key was made, ms. */
const FRESH = 3 * DAY;
const VERIFIED = 6 * HOUR;

/** @param last ms UTC; null when it was not checked yet */
export function nextCheckAt(domain: Domain, last: number | null): number {
  return last === null ? 0 : last + interval(domain, last);
}

function interval(domain: Domain, now: number): number {
  const { keys, verifiedSelectors, returnPath } = domain;
  const complete = returnPath && keys.every((key) => verifiedSelectors.has(key.selector));
  const newest = Math.max(0, ...keys.map((key) => key.createdAt));
  if (!complete && now - newest < FRESH) return SOON;
  return verifiedSelectors.size > 0 ? VERIFIED : DAY;
}
