/** Grids that can be exported, for one account each: lists read as they are taken, figures before. */
import type { Streams } from "@chappe/src/embedded";
import { createBuilder } from "../queries/compiler.ts";
import type {
  BounceQuestion,
  HitFilter,
  ReactionQuestion,
  Scope,
  SeriesQuestion,
  TechnicalQuestion,
} from "../queries/analyses.ts";
import type { Grouping, MessageFilter, Queries, SuppressionFilter } from "../queries/port.ts";
import { databaseName, DEFAULT_DATABASE } from "../schema/database.ts";
import { bouncesGrid, reactionsGrid, sendingHoursGrid, technicalGrid } from "./analyses.ts";
import { eventsGrid } from "./events.ts";
import { seriesGrid, statsGrid } from "./figures.ts";
import type { Grid } from "./grid.ts";
import { groupsGrid, type WholeGroups } from "./groups.ts";
import { hitsGrid } from "./hits.ts";
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
  /** `filter.message` must be a UUID. */
  messages(account: string, filter: MessageFilter, shown: Shown): Grid;
  groups(account: string, filter: MessageFilter, shown: WholeGroups): Grid;
  hits(account: string, filter: HitFilter, shown: Shown): Grid;
  suppressions(account: string, filter: SuppressionFilter, shown: Shown): Grid;
  stats(
    account: string,
    question: Scope & { groupBy: Grouping; limit?: number },
    columns?: readonly string[],
  ): Promise<Grid>;
  series(account: string, question: SeriesQuestion, columns?: readonly string[]): Promise<Grid>;
  bounces(account: string, question: BounceQuestion, columns?: readonly string[]): Promise<Grid>;
  /** Its columns follow from the question. */
  technical(account: string, question: TechnicalQuestion): Promise<Grid>;
  reactions(
    account: string,
    question: ReactionQuestion,
    columns?: readonly string[],
  ): Promise<Grid>;
  sendingHours(
    account: string,
    question: Scope & { timezone?: string },
    columns?: readonly string[],
  ): Promise<Grid>;
  /** Null when the account has no such message. */
  events(account: string, message: string, columns?: readonly string[]): Promise<Grid | null>;
}

export function createExports(
  streams: Streams,
  queries: Queries,
  { database = DEFAULT_DATABASE }: { database?: string } = {},
): Exports {
  const db = createBuilder(databaseName(database));
  return {
    messages: (account, filter, shown) => messagesGrid(streams, db, account, filter, shown),
    suppressions: (account, filter, shown) => suppressionsGrid(streams, db, account, filter, shown),
    groups: (account, filter, shown) => groupsGrid(streams, db, account, filter, shown),
    hits: (account, filter, shown) => hitsGrid(streams, db, account, filter, shown),
    stats: (account, question, columns) => statsGrid(queries, account, question, columns),
    series: (account, question, columns) => seriesGrid(queries, account, question, columns),
    bounces: (account, question, columns) => bouncesGrid(queries, account, question, columns),
    technical: (account, question) => technicalGrid(queries, account, question),
    reactions: (account, question, columns) => reactionsGrid(queries, account, question, columns),
    sendingHours: (account, question, columns) =>
      sendingHoursGrid(queries, account, question, columns),
    events: (account, message, columns) => eventsGrid(queries, account, message, columns),
  };
}
