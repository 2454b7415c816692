/** The events of a message: few, so read before. */
import type { Queries } from "../queries/port.ts";
import { type Filled, filledGrid, type Grid } from "./grid.ts";

interface Told {
  recipient: string;
  id: string;
  type: string;
  at: number;
  data: Record<string, unknown>;
}

const EVENT_GRID: readonly Filled<Told>[] = [
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
  const detail = await queries.message(account, message);
  if (detail === null) return null;
  const told = detail.recipients.flatMap(({ recipient, events }) =>
    events.map((event) => ({ recipient, ...event }))
  );
  return filledGrid("events", EVENT_GRID, told, columns);
}
