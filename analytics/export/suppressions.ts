/** The list of recipients that get no mail. */
import type { Streams } from "@chappe/src/embedded";
import { type Kysely, sql } from "kysely";
import type { SuppressionFilter } from "../queries/port.ts";
import { readSort } from "../queries/sort.ts";
import { NIL, SUPPRESSION_COLUMNS, suppressionsMatching } from "../queries/suppressions.ts";
import type { Tables } from "../queries/tables.ts";
import { choose, type Grid } from "./grid.ts";
import { readGrid, selected, type SqlColumn } from "./read.ts";

const text = (name: string, sql: string): SqlColumn => ({ name, type: "text", sql });

/** Over a row `s`. */
export const SUPPRESSION_GRID: readonly SqlColumn[] = [
  text("recipient", "s.recipient"),
  text("reason", "s.reason"),
  text("source", "s.source"),
  text("note", "nullIf(s.note, '')"),
  text("by", "nullIf(s.done_by, '')"),
  { name: "addedAt", type: "time", sql: "toUnixTimestamp64Milli(s.at)" },
  text("message", `nullIf(toString(s.message), '${NIL}')`),
];

/** @throws {BadQueryError} for another sort @throws {UnknownColumnError} */
export function suppressionsGrid(
  streams: Streams,
  db: Kysely<Tables>,
  account: string,
  filter: SuppressionFilter,
  { sort = "-addedAt", columns }: { sort?: string; columns?: readonly string[] },
): Grid {
  const chosen = choose(SUPPRESSION_GRID, columns);
  const { value, descending } = readSort(sort, SUPPRESSION_COLUMNS);
  const direction = descending ? "desc" : "asc";
  const found = suppressionsMatching(db, account, filter);
  return readGrid(streams, {
    name: "suppressions",
    columns: chosen,
    rows: found.select(selected(chosen)).orderBy(value, direction)
      .orderBy("s.recipient", direction),
    count: found.select(sql<number>`count()`.as("rows")),
  });
}
