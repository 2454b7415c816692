/** The UTC day, its hours and their slots: all limits of an address are counted by them. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** What an hour allows is let go in steps of this length, ms. */
export const SLOT = 5 * MINUTE;
export const SLOTS = HOUR / SLOT;

/** Start of the UTC day, hour or slot that `at` (ms UTC) falls into. */
export function startOf(at: number, length: number): number {
  return at - (at % length);
}

/** 0 to 23. */
export function hourOf(at: number): number {
  return Math.floor(at % DAY / HOUR);
}

/** The UTC day as in events: `2026-11-22`. */
export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
