/**
 * The chart over time: stacked bars for what became of the messages, lines for what readers did.
 * The drawing stretches with the page while its labels, being text around it, keep their size.
 */
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import type { Bucket, Range } from "./buckets.ts";
import { ticks } from "./scale.ts";

const STACK = ["delivered", "waiting", "failed", "blacklisted"] as const;
const LINES = ["opened", "clicked"] as const;
type Series = typeof STACK[number] | typeof LINES[number];

const STEP = 10;
const BAR = 7;
const HEIGHT = 100;

type ChartProps = { view: View; buckets: Bucket[]; range: Range };

export const Chart: FC<ChartProps> = (props) => {
  const { view, buckets, range } = props;
  const { t, format } = view;
  const max = Math.max(...buckets.flatMap((b) => [stacked(b), b.opened, b.clicked]));
  const scale = ticks(max);
  const top = scale.at(-1)!;
  const every = Math.ceil(buckets.length / 8);
  return (
    <section class="card chart" aria-labelledby="chart-title" data-region="chart">
      <header>
        <h2 id="chart-title">{t.overview.chart}</h2>
        <ul class="legend" aria-hidden="true">
          {STACK.map((series) => <li class={series}>{nameOf(view, series)}</li>)}
          {LINES.map((series) => <li class={`${series} line`}>{nameOf(view, series)}</li>)}
        </ul>
      </header>
      <div class="plot">
        <div class="y-axis" aria-hidden="true">
          {scale.toReversed().map((value) => <span>{format.number(value)}</span>)}
        </div>
        <Drawing {...props} top={top} scale={scale} />
        <div class="x-axis" aria-hidden="true">
          {buckets.map((bucket, i) => (
            <span>{i % every === 0 && <i>{shortLabel(view, range, bucket.at)}</i>}</span>
          ))}
        </div>
      </div>
      <DataTable {...props} />
    </section>
  );
};

const Drawing: FC<ChartProps & { top: number; scale: number[] }> = (
  { view, buckets, range, top, scale },
) => {
  const y = (value: number) => round(HEIGHT - value / top * HEIGHT);
  const width = buckets.length * STEP;
  return (
    <svg
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-labelledby="chart-title"
    >
      {scale.map((value) => <path class="gridline" d={`M0 ${y(value)}H${width}`} />)}
      {buckets.map((bucket, i) => {
        let base = 0;
        return (
          <g class="slot">
            <title>{details(view, range, bucket)}</title>
            <rect class="hit" x={i * STEP} y="0" width={STEP} height={HEIGHT} />
            {STACK.filter((series) => bucket[series] > 0).map((series) => {
              base += bucket[series];
              const height = round(bucket[series] / top * HEIGHT);
              const x = i * STEP + (STEP - BAR) / 2;
              return <rect class={series} x={x} y={y(base)} width={BAR} height={height} />;
            })}
          </g>
        );
      })}
      {LINES.map((series) => (
        <polyline
          class={series}
          points={buckets.map((b, i) => `${i * STEP + STEP / 2},${y(b[series])}`).join(" ")}
        />
      ))}
    </svg>
  );
};

const DataTable: FC<ChartProps> = ({ view, buckets, range }) => (
  <details>
    <summary>{view.t.overview.chartTable}</summary>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">{view.t.overview.period}</th>
            {[...STACK, ...LINES].map((s) => <th scope="col" class="n">{nameOf(view, s)}</th>)}
          </tr>
        </thead>
        <tbody>
          {buckets.map((bucket) => (
            <tr>
              <th scope="row">{longLabel(view, range, bucket.at)}</th>
              {[...STACK, ...LINES].map((s) => <td class="n">{view.format.number(bucket[s])}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
);

const stacked = (bucket: Bucket) => STACK.reduce((sum, series) => sum + bucket[series], 0);
const round = (n: number) => Math.round(n * 100) / 100;

function nameOf({ t }: View, series: Series): string {
  return series === "blacklisted" ? t.status.blacklisted : t.overview.series[series];
}

function shortLabel({ format }: View, range: Range, at: number): string {
  return range === "24h" ? format.hour(at) : format.day(at);
}

function longLabel({ format }: View, range: Range, at: number): string {
  return range === "30d" ? format.day(at) : `${format.day(at)}, ${format.hour(at)}`;
}

function details(view: View, range: Range, bucket: Bucket): string {
  const lines = [...STACK, ...LINES].filter((series) => bucket[series] > 0)
    .map((series) => `${nameOf(view, series)}: ${view.format.number(bucket[series])}`);
  return [longLabel(view, range, bucket.at), ...lines].join("\n");
}
