/**
 * Columns that the reader adds to the list (seed, "Personnaliser"): what the sender tells of recipients.
 * Parameters of the page: `columns`, repeated; and by the name of such a column, a part of its texts.
 */
import {
  type Condition,
  isOwnField,
  MESSAGE_FILE_COLUMNS,
  type MessageRow,
} from "@chappe/analytics";
import { listOf } from "../../api/parameters.ts";
import type { Texts } from "../../i18n/mod.ts";

export type AddedColumn = "name" | `fields.${string}`;

/** More would not be looked at. */
const MOST = 20;

const isAddable = (name: string): name is AddedColumn => name === "name" || isOwnField(name);
const ownName = (column: AddedColumn) => column.slice("fields.".length);

/** Those chosen, and those by which the list is narrowed. */
export function addedColumns(parameters: URLSearchParams): AddedColumn[] {
  const narrowed = conditionsIn(parameters).map(({ field }) => field);
  const all = new Set([...parameters.getAll("columns"), ...narrowed]);
  return [...all].filter(isAddable).slice(0, MOST);
}

/** Columns that can be added: those of the recipients shown, and those added already. */
export function addableColumns(rows: readonly MessageRow[], added: readonly AddedColumn[]) {
  const told = new Set(rows.flatMap(({ fields }) => Object.keys(fields)));
  const all = new Set<AddedColumn>(["name", ...added]);
  for (const name of [...told].sort().slice(0, 100)) all.add(`fields.${name}`);
  return [...all];
}

/** What stands there of a recipient; empty where nothing does. */
export function addedText({ name, fields }: MessageRow, column: AddedColumn): string {
  return column === "name" ? name ?? "" : fields[ownName(column)] ?? "";
}

export function headingOf(t: Texts, column: AddedColumn): string {
  return column === "name" ? t.column.name : ownName(column);
}

/** The parameters as the API's list takes them: what narrows added columns is a filter there. */
export function withoutAdded(parameters: URLSearchParams): URLSearchParams {
  const others = new URLSearchParams(
    [...parameters].filter(([name]) => name !== "columns" && !isAddable(name)),
  );
  const conditions = conditionsIn(parameters).map((condition) => JSON.stringify(condition));
  if (conditions.length === 0) return others;
  const given = others.get("filter");
  others.set("filter", `{"and":[${(given ? [given, ...conditions] : conditions).join(",")}]}`);
  return others;
}

/** Those of a file that has the columns added; undefined where it has what every file has. */
export function fileColumns(parameters: URLSearchParams): string | undefined {
  const own = addedColumns(parameters).filter(isOwnField);
  return own.length === 0 ? undefined : listOf([...MESSAGE_FILE_COLUMNS, ...own]);
}

function conditionsIn(parameters: URLSearchParams): (Condition & { field: AddedColumn })[] {
  return [...parameters].flatMap(([field, value]) =>
    isAddable(field) && value !== "" ? [{ field, operator: "contains", value }] : []
  );
}
