/**
 * A drawing over time: bars that stack, and lines. It stretches with the page while its labels, being
 * text around it, keep their size.
 */
import type { FC } from "hono/jsx";
import type { Format } from "../web/format.ts";
import { ticks } from "./scale.ts";

/** One step of time. Series are named by their classes, and the same in all slots. */
export interface Slot {
  /** Below the axis, where there is room. */
  label: string;
  /** What a pointer is told. */
  title: string;
  bars: readonly Value[];
  lines: readonly Value[];
}
export interface Value {
  series: string;
  value: number;
}

const STEP = 10;
const BAR = 7;
const HEIGHT = 100;
/** Labels below the axis at the most. */
const LABELS = 8;

type PlotProps = {
  slots: readonly Slot[];
  /** Labels stand at a multiple of so many slots; as it fits without it. */
  each?: number;
  format: Format;
  /** Id of what names the drawing. */
  labelledBy: string;
};

export const Plot: FC<PlotProps> = ({ slots, each = 1, format, labelledBy }) => {
  const most = slots.map(({ bars, lines }) =>
    Math.max(bars.reduce((sum, { value }) => sum + value, 0), ...lines.map(({ value }) => value))
  );
  const scale = ticks(Math.max(...most));
  const top = scale.at(-1)!;
  const every = each * Math.ceil(slots.length / (LABELS * each));
  const y = (value: number) => round(HEIGHT - value / top * HEIGHT);
  const width = slots.length * STEP;
  return (
    <div class="plot">
      <div class="y-axis" aria-hidden="true">
        {scale.toReversed().map((value) => <span>{format.number(value)}</span>)}
      </div>
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={labelledBy}
      >
        {scale.map((value) => <path class="gridline" d={`M0 ${y(value)}H${width}`} />)}
        {slots.map(({ title, bars }, i) => (
          <g class="slot">
            <title>{title}</title>
            <rect class="hit" x={i * STEP} y="0" width={STEP} height={HEIGHT} />
            {stacked(bars).map(({ series, value, end }) => (
              <rect
                class={series}
                x={i * STEP + (STEP - BAR) / 2}
                y={y(end)}
                width={BAR}
                height={round(value / top * HEIGHT)}
              />
            ))}
          </g>
        ))}
        {slots[0]?.lines.map(({ series }, line) => (
          <polyline
            class={series}
            points={slots.map(({ lines }, i) => `${i * STEP + STEP / 2},${y(lines[line]!.value)}`)
              .join(" ")}
          />
        ))}
      </svg>
      <div class="x-axis" aria-hidden="true">
        {slots.map(({ label }, i) => (
          <span>
            {i % every === 0 && <i class={i / every % 2 === 1 ? "second" : undefined}>{label}</i>}
          </span>
        ))}
      </div>
    </div>
  );
};

/** Those that are not 0, each with where it ends above the axis. */
function stacked(bars: readonly Value[]): (Value & { end: number })[] {
  let end = 0;
  return bars.filter(({ value }) => value > 0).map((bar) => ({ ...bar, end: end += bar.value }));
}

const round = (n: number) => Math.round(n * 100) / 100;
