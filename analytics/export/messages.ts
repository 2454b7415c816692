/** The list of messages: one row per message and recipient. */
import type { Streams } from "@chappe/src/embedded";
import { type Kysely, sql } from "kysely";
import { type Field, fieldOf, FIELDS, isOwnField } from "../queries/fields.ts";
import { matching } from "../queries/match.ts";
import type { MessageFilter } from "../queries/port.ts";
import { readMessageSort } from "../queries/sort.ts";
import type { Tables } from "../queries/tables.ts";
import { choose, type Grid } from "./grid.ts";
import { readGrid, selected, type SqlColumn } from "./read.ts";

/** Every column by which the list is filtered, but those that say what another says. */
const MESSAGE_GRID: readonly SqlColumn[] = Object.entries(FIELDS)
  .filter(([name]) => !["rcpt", "reply", "bounceReply"].includes(name))
  .map(([name, field]) => columnOf(name, field));

/** What a file of messages has where no columns are chosen. */
export const MESSAGE_FILE_COLUMNS: readonly string[] = MESSAGE_GRID.map(({ name }) => name);

/** Null where there is nothing. */
export function columnOf(name: string, field: Field): SqlColumn {
  switch (field.kind) {
    case "text":
      return { name, type: "text", sql: `nullIf(${field.sql}, '')` };
    case "number":
    case "time": {
      const { kind: type, absent, sql } = field;
      return { name, type, sql: absent === undefined ? sql : `nullIf(${sql}, ${absent})` };
    }
    case "flag":
      return { name, type: "flag", sql: `toBool(${field.sql})` };
    case "choice": {
      const codes = Object.values(field.codes).map((code) =>
        typeof code === "string" ? `'${code}'` : code
      );
      const names = Object.keys(field.codes).map((choice) => `'${choice}'`);
      return { name, type: "text", sql: `transform(${field.sql}, [${codes}], [${names}], '')` };
    }
  }
}

/** @throws {BadQueryError} for another sort @throws {UnknownColumnError} */
export function messagesGrid(
  streams: Streams,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { sort = "-sentAt", columns }: { sort?: string; columns?: readonly string[] },
): Grid {
  // Which there are of the sender's own, nobody knows beforehand.
  const own = new Set(columns?.filter(isOwnField));
  const all = [...MESSAGE_GRID, ...own.values().map((name) => columnOf(name, fieldOf(name)))];
  const chosen = choose(all, columns);
  const { value, descending } = readMessageSort(sort);
  const direction = descending ? "desc" : "asc";
  const found = matching(db, account, filter);
  return readGrid(streams, {
    name: "messages",
    columns: chosen,
    rows: found.select(selected(chosen))
      .orderBy(value, direction).orderBy("d.message", direction).orderBy("d.rcpt"),
    count: found.select(sql<number>`count()`.as("rows")),
  });
}
