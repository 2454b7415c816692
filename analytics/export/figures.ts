/** Figures of a period by a dimension, and the events of a message: small, so read before. */
import type { Figures, Grouping, Queries, Stats } from "../queries/port.ts";
import { type Cell, choose, type Column, type Grid, gridOf } from "./grid.ts";

interface Filled<Row> extends Column {
  of(row: Row): Cell;
}

type Item = Stats["items"][number];

const COUNTS = [
  "sent",
  "pending",
  "deferred",
  "delivered",
  "opened",
  "clicked",
  "softBounced",
  "cancelled",
  "complained",
  "blacklisted",
  "unsubscribed",
] as const satisfies readonly (keyof Figures)[];
const RATES = ["open", "click", "reactivity", "bounce", "spam", "unsubscribe"] as const;

const number = (name: string, of: (item: Item) => number): Filled<Item> => ({
  name,
  type: "number",
  of,
});

/** The key is a time where figures are grouped by time. */
export const statsGridColumns = (groupBy: Grouping): Filled<Item>[] => [
  groupBy === "day" || groupBy === "hour"
    ? { name: groupBy, type: "time", of: ({ key }) => Date.parse(key) }
    : { name: groupBy, type: "text", of: ({ key }) => key },
  ...COUNTS.map((name) => number(name, (item) => item[name])),
  ...RATES.map((name) => number(`${name}Rate`, ({ rates }) => rates[name])),
  number("machineOpened", ({ machine }) => machine.opened),
  number("machineClicked", ({ machine }) => machine.clicked),
];

export async function statsGrid(
  queries: Pick<Queries, "stats">,
  account: string,
  range: { from?: number; to?: number; groupBy: Grouping },
  columns?: readonly string[],
): Promise<Grid> {
  const chosen = choose(statsGridColumns(range.groupBy), columns);
  const { items } = await queries.stats(account, range);
  return gridOf("stats", chosen, items.map((item) => chosen.map(({ of }) => of(item))));
}

interface Told {
  recipient: string;
  id: string;
  type: string;
  at: number;
  data: Record<string, unknown>;
}

export const EVENT_GRID: readonly Filled<Told>[] = [
  { name: "at", type: "time", of: ({ at }) => at },
  { name: "recipient", type: "text", of: ({ recipient }) => recipient },
  { name: "type", type: "text", of: ({ type }) => type },
  { name: "id", type: "text", of: ({ id }) => id },
  { name: "data", type: "text", of: ({ data }) => JSON.stringify(data) },
];

/** Null when the account has no such message. */
export async function eventsGrid(
  queries: Pick<Queries, "message">,
  account: string,
  message: string,
  columns?: readonly string[],
): Promise<Grid | null> {
  const chosen = choose(EVENT_GRID, columns);
  const detail = await queries.message(account, message);
  if (detail === null) return null;
  const told = detail.recipients.flatMap(({ recipient, events }) =>
    events.map((event) => ({ recipient, ...event }))
  );
  return gridOf("events", chosen, told.map((event) => chosen.map(({ of }) => of(event))));
}
