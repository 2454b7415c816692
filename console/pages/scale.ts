/** The vertical axis of the chart. */

/** Whole, round values from 0 up to at least `max`, in three to five equal steps. */
export function ticks(max: number): number[] {
  const step = roundStep(max);
  const count = Math.max(3, Math.ceil(max / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

/** The smallest of 1, 2, 5, 10, 20, 50 … that reaches `max` in five steps. */
function roundStep(max: number): number {
  for (let power = 1;; power *= 10) {
    for (const factor of [1, 2, 5]) {
      if (factor * power * 5 >= max) return factor * power;
    }
  }
}
