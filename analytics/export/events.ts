/** The events of a message: few mostly, so read before. */
import { BadQueryError, type Queries } from "../queries/port.ts";
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

/** More of one copy are a matter for the list of hits, which is read as it is written. */
const MOST_HITS = 20_000;

/** Null when the account has no such message. @throws {BadQueryError} when it has too many hits */
export async function eventsGrid(
  queries: Pick<Queries, "message">,
  account: string,
  message: string,
  columns?: readonly string[],
): Promise<Grid | null> {
  const detail = await queries.message(account, message, MOST_HITS);
  if (detail === null) return null;
  if (detail.recipients.some(({ hasMoreHits }) => hasMoreHits)) {
    throw new BadQueryError(
      `message: more than ${MOST_HITS} opens and clicks of one copy; the export \`hits\` has them all`,
    );
  }
  const told = detail.recipients.flatMap(({ recipient, events }) =>
    events.map((event) => ({ recipient, ...event }))
  );
  return filledGrid("events", EVENT_GRID, told, columns);
}
