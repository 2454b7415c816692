/** Bounces, reading environments, reactions and hours of sending: small, so read before. */
import type {
  BounceQuestion,
  Bounces,
  Cell,
  ReactionQuestion,
  Reactions,
  Scope,
  SendingHour,
  TechnicalQuestion,
} from "../queries/analyses.ts";
import type { Queries } from "../queries/port.ts";
import { type Filled, filledGrid, type Grid } from "./grid.ts";

/** A column for each of these counts, by its name. */
const counts = <Name extends string>(...names: Name[]): Filled<Record<Name, number>>[] =>
  names.map((name) => ({ name, type: "number", of: (row) => row[name] }));

export async function bouncesGrid(
  queries: Pick<Queries, "bounces">,
  account: string,
  question: BounceQuestion,
  columns?: readonly string[],
): Promise<Grid> {
  const { items } = await queries.bounces(account, question);
  const all: Filled<Bounces["items"][number]>[] = [
    ...question.groupBy.map((name) => ({
      name,
      type: "text" as const,
      of: ({ keys }: Bounces["items"][number]) => keys[name] ?? null,
    })),
    ...counts("soft", "hard"),
  ];
  return filledGrid("bounces", all, items, columns);
}

/**
 * A column for each key. Where fewer are given the row is a subtotal: `rowKeys` and `columnKeys` say how
 * many, since an empty cell may also stand for what is not known.
 */
export async function technicalGrid(
  queries: Pick<Queries, "technical">,
  account: string,
  question: TechnicalQuestion,
): Promise<Grid> {
  const cells = await queries.technical(account, question);
  const keys = (side: "row" | "column", names: readonly string[]): Filled<Cell>[] =>
    names.map((name, place) => ({ name, type: "text", of: (cell) => cell[side][place] ?? null }));
  return filledGrid("technical", [
    ...keys("row", question.rows),
    ...keys("column", question.columns),
    { name: "rowKeys", type: "number", of: ({ row }) => row.length },
    { name: "columnKeys", type: "number", of: ({ column }) => column.length },
    ...counts("count"),
  ], cells);
}

const REACTIONS_GRID: readonly Filled<Reactions>[] = [
  { name: "from", type: "number", of: ({ from }) => from },
  { name: "to", type: "number", of: ({ to }) => to },
  ...counts("opened", "clicked", "opens", "clicks"),
];

export async function reactionsGrid(
  queries: Pick<Queries, "reactions">,
  account: string,
  question: ReactionQuestion,
  columns?: readonly string[],
): Promise<Grid> {
  return filledGrid(
    "reactions",
    REACTIONS_GRID,
    await queries.reactions(account, question),
    columns,
  );
}

const HOURS_GRID: readonly Filled<SendingHour>[] = counts(
  "weekday",
  "hour",
  "sent",
  "opened",
  "clicked",
);

export async function sendingHoursGrid(
  queries: Pick<Queries, "sendingHours">,
  account: string,
  question: Scope & { timezone?: string },
  columns?: readonly string[],
): Promise<Grid> {
  const hours = await queries.sendingHours(account, question);
  return filledGrid("sending-hours", HOURS_GRID, hours, columns);
}
