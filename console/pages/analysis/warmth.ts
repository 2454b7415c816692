/** A scale of colours. */

/** Steps above nothing. */
export const WARMEST = 5;

/** 0: nothing; up to {@link WARMEST} for what comes near `most`. */
export function warmth(value: number, most: number): number {
  return most === 0 ? 0 : Math.ceil(WARMEST * Math.min(1, value / most));
}
