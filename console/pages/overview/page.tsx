/** The overview of a period. */
import type { Queries } from "@chappe/analytics";
import type { FC } from "hono/jsx";
import type { View } from "../../web/view.ts";
import { wallTime } from "../../web/zone.ts";
import { page } from "../layout.tsx";
import { Export, gridPath } from "../export.tsx";
import { FirstMail } from "../parts.tsx";
import { bucketsOf, type Range, RANGES, startOf } from "./buckets.ts";
import { Chart } from "./chart.tsx";
import { Funnel, Rates, Tiles } from "./figures.tsx";

export async function overviewPage(
  view: View,
  { queries, account, range, now, tryLine }: {
    queries: Queries;
    account: string;
    range: Range;
    now: number;
    tryLine: string;
  },
) {
  const { t, zone } = view;
  const from = startOf(range, now, zone);
  const { items, total } = await queries.stats(account, { from, groupBy: "hour" });
  return page(view, {
    title: t.overview.title,
    refresh: 4,
    class: "overview",
    children: (
      <>
        <header class="page-head">
          <h1>{t.overview.title}</h1>
          <Export
            view={view}
            path={(file) => gridPath("stats", { groupBy: "day", from: String(from), ...file })}
          />
          <RangePicker view={view} range={range} />
        </header>
        <Tiles view={view} figures={total} from={wallTime(from, zone)} />
        {total.sent === 0
          ? (
            <section class="card" data-region="chart">
              <FirstMail
                view={view}
                title={t.overview.none}
                lead={t.messages.emptyLead}
                line={tryLine}
              />
            </section>
          )
          : <Chart view={view} buckets={bucketsOf(items, range, now, zone)} range={range} />}
        <div class="columns">
          <Funnel view={view} figures={total} />
          <Rates view={view} figures={total} />
        </div>
      </>
    ),
  });
}

const RangePicker: FC<{ view: View; range: Range }> = ({ view, range }) => (
  <nav class="segments" aria-label={view.t.overview.range}>
    {RANGES.map((choice) => (
      <a href={`/?range=${choice}`} aria-current={choice === range ? "true" : undefined}>
        {view.t.overview.ranges[choice]}
      </a>
    ))}
  </nav>
);
