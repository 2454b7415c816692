/** A pivot's cells as the lines and columns of a table. Pure. */
import type { Cell } from "@chappe/analytics";

/** More is not shown: it stands in the file. */
export const MOST_COLUMNS = 8;
export const MOST_CHILDREN = 25;

export interface PivotLine {
  /** Values of the first rows; none: of all. */
  row: string[];
  state: "leaf" | "open" | "closed";
  total: number;
  /** By the table's columns. */
  counts: number[];
}

/** Stands for the smallest lines right below `row`, which are too many to be shown. */
export interface LeftLines {
  row: string[];
  state: "left";
  count: number;
}

export interface PivotTable {
  /** Values of all column keys, the largest first. */
  columns: string[][];
  /** Columns that are not shown. */
  leftColumns: number;
  /** Each followed by those within, the largest first. */
  lines: (PivotLine | LeftLines)[];
  all: PivotLine;
}

/** Names a line, where links say which are folded. */
export const nameOf = (row: readonly string[]) => JSON.stringify(row);

/**
 * @param cells with subtotals, the largest first
 * @param size how many keys stand in rows and in columns
 * @param closed names of lines that are folded
 */
export function pivotTable(
  cells: readonly Cell[],
  size: { rows: number; columns: number },
  closed: ReadonlySet<string>,
): PivotTable {
  const counts = new Map(cells.map((cell) => [placeOf(cell.row, cell.column), cell.count]));
  const whole = size.columns === 0
    ? []
    : cells.filter(({ row, column }) => row.length === 0 && column.length === size.columns);
  const columns = whole.slice(0, MOST_COLUMNS).map(({ column }) => column);
  const children = Map.groupBy(
    cells.filter(({ row, column }) => row.length > 0 && column.length === 0),
    ({ row }) => nameOf(row.slice(0, -1)),
  );

  function lineOf(row: string[]): PivotLine {
    return {
      row,
      state: row.length === size.rows ? "leaf" : closed.has(nameOf(row)) ? "closed" : "open",
      total: counts.get(placeOf(row, [])) ?? 0,
      counts: columns.map((column) => counts.get(placeOf(row, column)) ?? 0),
    };
  }
  function within(row: string[]): (PivotLine | LeftLines)[] {
    const all = children.get(nameOf(row)) ?? [];
    const lines = all.slice(0, MOST_CHILDREN).flatMap((child) => {
      const line = lineOf(child.row);
      return line.state === "open" ? [line, ...within(child.row)] : [line];
    });
    const count = all.length - MOST_CHILDREN;
    return count > 0 ? [...lines, { row, state: "left", count }] : lines;
  }
  return {
    columns,
    leftColumns: whole.length - columns.length,
    lines: within([]),
    all: lineOf([]),
  };
}

function placeOf(row: readonly string[], column: readonly string[]): string {
  return JSON.stringify([row, column]);
}
