/** The vertical axis of the chart. */

/** Round values from 0 up to at least `max`, in three to five equal steps. */
export function ticks(max: number): number[] {
  const rough = Math.max(1, max) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough)!);
  const whole = Number.isInteger(step) ? step : Math.ceil(step);
  const count = Math.max(3, Math.ceil(max / whole));
  return Array.from({ length: count + 1 }, (_, i) => i * whole);
}
