/** By what a list can be sorted. */
import { type RawBuilder, sql } from "kysely";
import { FIELD_NAMES, fieldOf, FIELDS, isOwnField, sortExpression } from "./fields.ts";
import { BadQueryError } from "./port.ts";

/** What a list can be sorted by: the columns of its rows, each as an expression of SQL. */
export interface Columns {
  expressions: Readonly<Record<string, string>>;
  /** Those that are texts; the others are numbers. */
  texts: ReadonlySet<string>;
}

const MESSAGE_COLUMNS: Columns = {
  expressions: Object.fromEntries(FIELD_NAMES.map((name) => [name, sortExpression(FIELDS[name])])),
  texts: new Set(
    FIELD_NAMES.filter((name) => FIELDS[name].kind === "text" || name === "recipientType"),
  ),
};

/** The sort of a list of messages. @throws {BadQueryError} */
export function readMessageSort(sort: string): Sort {
  const column = sort.replace(/^-/, "");
  return readSort(
    sort,
    isOwnField(column)
      ? { expressions: { [column]: fieldOf(column).sql }, texts: new Set([column]) }
      : MESSAGE_COLUMNS,
  );
}

export interface Sort {
  /** As asked for, e.g. `-sentAt`. */
  name: string;
  descending: boolean;
  value: RawBuilder<string | number>;
  /** `typeof` its values. */
  type: "string" | "number";
}

/** @param sort one of `columns`, `-` before it for descending @throws {BadQueryError} */
export function readSort(sort: string, { expressions, texts }: Columns): Sort {
  const descending = sort.startsWith("-");
  const column = descending ? sort.slice(1) : sort;
  if (!Object.hasOwn(expressions, column)) {
    throw new BadQueryError(
      `sort: no column "${column.slice(0, 60)}"; there are ${
        Object.keys(expressions).join(", ")
      }, ` +
        "each with - before it for descending",
    );
  }
  return {
    name: sort,
    descending,
    value: sql.raw(expressions[column]!),
    type: texts.has(column) ? "string" : "number",
  };
}
