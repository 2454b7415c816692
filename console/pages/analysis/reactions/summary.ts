/** How soon people react. Pure. */
import type { Reactions } from "@chappe/analytics";

export interface Half {
  /** Copies in all. */
  count: number;
  /** ms after sending within which half of them were; null: later than was asked. */
  within: number | null;
}

/** Null when there are none. */
export function halfOf(steps: readonly Reactions[], kind: "opened" | "clicked"): Half | null {
  const count = steps.reduce((sum, step) => sum + step[kind], 0);
  let before = 0;
  for (const step of steps) {
    before += step[kind];
    if (count > 0 && 2 * before >= count) return { count, within: step.to };
  }
  return null;
}
