/** Grids that can be exported, for one account each. */
import type { Streams } from "@chappe/src/embedded";
import { createBuilder } from "../queries/compiler.ts";
import type { Grouping, MessageFilter, Queries, SuppressionFilter } from "../queries/port.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { eventsGrid, statsGrid } from "./figures.ts";
import type { Grid } from "./grid.ts";
import { messagesGrid } from "./messages.ts";
import { suppressionsGrid } from "./suppressions.ts";

interface Shown {
  /** As the list takes it. */
  sort?: string;
  /** Names of columns, in the order wanted; all without. */
  columns?: readonly string[];
}

/** All throw `BadQueryError` for what is not ours, and `UnknownColumnError`. */
export interface Exports {
  messages(account: string, filter: MessageFilter, shown: Shown): Grid;
  suppressions(account: string, filter: SuppressionFilter, shown: Shown): Grid;
  stats(
    account: string,
    range: { from?: number; to?: number; groupBy: Grouping },
    columns?: readonly string[],
  ): Promise<Grid>;
  /** Null when the account has no such message. */
  events(account: string, message: string, columns?: readonly string[]): Promise<Grid | null>;
}

export function createExports(
  streams: Streams,
  queries: Pick<Queries, "stats" | "message">,
  { database = DEFAULT_DATABASE }: { database?: string } = {},
): Exports {
  const db = createBuilder(databaseName(database));
  return {
    messages: (account, filter, shown) => messagesGrid(streams, db, account, filter, shown),
    suppressions: (account, filter, shown) => suppressionsGrid(streams, db, account, filter, shown),
    stats: (account, range, columns) => statsGrid(queries, account, range, columns),
    events: (account, message, columns) => eventsGrid(queries, account, message, columns),
  };
}
