/** The list of messages grouped by a column: one row per value. */
import type { Streams } from "@chappe/src/embedded";
import { type Kysely, sql } from "kysely";
import type { GroupPage } from "../queries/analyses.ts";
import { type Field, fieldOf } from "../queries/fields.ts";
import { NO_DAY } from "../queries/group_keys.ts";
import { grouped } from "../queries/groups.ts";
import type { MessageFilter } from "../queries/port.ts";
import { readSort } from "../queries/sort.ts";
import type { Tables } from "../queries/tables.ts";
import { choose, type Grid } from "./grid.ts";
import { columnOf } from "./messages.ts";
import { readGrid, selected, type SqlColumn } from "./read.ts";

const SORTS = { expressions: { count: "g.count", key: "g.key" }, texts: new Set<string>() };

/** As the list of groups takes it, but whole. */
export type WholeGroups = Omit<GroupPage, "limit" | "cursor"> & { columns?: readonly string[] };

/** @throws {BadQueryError} for another sort or time zone @throws {UnknownColumnError} */
export function groupsGrid(
  streams: Streams,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { sort = "-count", columns, ...asked }: WholeGroups,
): Grid {
  const all: SqlColumn[] = [
    columnOf(asked.groupBy, keyOf(fieldOf(asked.groupBy))),
    { name: "count", type: "number", sql: "g.count" },
  ];
  const chosen = choose(all, columns);
  const { value, descending } = readSort(sort, SORTS);
  const found = db.selectFrom(grouped(db, account, filter, asked).as("g"));
  return readGrid(streams, {
    name: "groups",
    columns: chosen,
    rows: found.select(selected(chosen))
      .orderBy(value, descending ? "desc" : "asc").orderBy("g.key"),
    count: found.select(sql<number>`count()`.as("rows")),
  });
}

/** The column's field over its groups. */
function keyOf(field: Field): Field {
  const key = { ...field, sql: "g.key" };
  return key.kind === "time" ? { ...key, absent: NO_DAY } : key;
}
