/** The chart over time: stacked bars for what became of the messages, lines for what readers did. */
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { Plot } from "../plot.tsx";
import type { Bucket, Range } from "./buckets.ts";

const STACK = ["delivered", "waiting", "failed", "blacklisted"] as const;
const LINES = ["opened", "clicked"] as const;
type Series = typeof STACK[number] | typeof LINES[number];

type ChartProps = { view: View; buckets: Bucket[]; range: Range };

export const Chart: FC<ChartProps> = (props) => {
  const { view, buckets, range } = props;
  const { t, format } = view;
  const slotOf = (bucket: Bucket) => ({
    label: shortLabel(view, range, bucket.at),
    title: details(view, range, bucket),
    bars: STACK.map((series) => ({ series, value: bucket[series] })),
    lines: LINES.map((series) => ({ series, value: bucket[series] })),
  });
  return (
    <section class="card chart" aria-labelledby="chart-title" data-region="chart">
      <header>
        <h2 id="chart-title">{t.overview.chart}</h2>
        <ul class="legend" aria-hidden="true">
          {STACK.map((series) => <li class={series}>{nameOf(view, series)}</li>)}
          {LINES.map((series) => <li class={`${series} line`}>{nameOf(view, series)}</li>)}
        </ul>
      </header>
      <Plot slots={buckets.map(slotOf)} format={format} labelledBy="chart-title" />
      <DataTable {...props} />
    </section>
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
