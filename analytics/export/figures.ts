/** Figures by a dimension, and over time: small, so read before. */
import type { SeriesQuestion } from "../queries/analyses.ts";
import { COPY_COUNTS } from "../queries/figures.ts";
import type { Figures, Grouping, Queries, Stats } from "../queries/port.ts";
import { type Filled, filledGrid, type Grid } from "./grid.ts";

const RATES = ["open", "click", "reactivity", "bounce", "spam", "unsubscribe"] as const;

const number = (name: string, of: (figures: Figures) => number): Filled<Figures> => ({
  name,
  type: "number",
  of,
});

const FIGURES: readonly Filled<Figures>[] = [
  ...COPY_COUNTS.map((name) => number(name, (figures) => figures[name])),
  ...RATES.map((name) => number(`${name}Rate`, ({ rates }) => rates[name])),
  number("machineOpened", ({ machine }) => machine.opened),
  number("machineClicked", ({ machine }) => machine.clicked),
  number("opens", ({ totals }) => totals.opens),
  number("clicks", ({ totals }) => totals.clicks),
  number("machineOpens", ({ machine }) => machine.opens),
  number("machineClicks", ({ machine }) => machine.clicks),
];

/** The key is a time where figures are grouped by time. */
const statsColumns = (groupBy: Grouping): Filled<Stats["items"][number]>[] => [
  groupBy === "day" || groupBy === "hour"
    ? { name: groupBy, type: "time", of: ({ key }) => Date.parse(key) }
    : { name: groupBy, type: "text", of: ({ key }) => key },
  ...FIGURES,
];

export async function statsGrid(
  queries: Pick<Queries, "stats">,
  account: string,
  question: Parameters<Queries["stats"]>[1] & { groupBy: Grouping },
  columns?: readonly string[],
): Promise<Grid> {
  const { items } = await queries.stats(account, question);
  return filledGrid("stats", statsColumns(question.groupBy), items, columns);
}

type Point = Figures & { key: string; at: number };

const seriesColumns = ({ groupBy }: SeriesQuestion): Filled<Point>[] => [
  { name: "at", type: "time", of: ({ at }) => at },
  ...groupBy === undefined
    ? []
    : [{ name: groupBy, type: "text", of: ({ key }) => key } satisfies Filled<Point>],
  ...FIGURES,
];

/** Line by line, each in order of time. */
export async function seriesGrid(
  queries: Pick<Queries, "series">,
  account: string,
  question: SeriesQuestion,
  columns?: readonly string[],
): Promise<Grid> {
  const { items } = await queries.series(account, question);
  const points = items.flatMap(({ key, points }) => points.map((point) => ({ key, ...point })));
  return filledGrid("series", seriesColumns(question), points, columns);
}
