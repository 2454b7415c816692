/** What is exported: rows under named, typed columns. Whatever has these plugs into every format. */

/** `time`: ms UTC. Any cell may be null. */
export type CellType = "text" | "number" | "time" | "flag";

export interface Column {
  readonly name: string;
  readonly type: CellType;
}

export type Cell = string | number | boolean | null;

export interface Grid {
  /** Names the file and the sheet, e.g. `messages`. */
  readonly name: string;
  readonly columns: readonly Column[];
  /** Rows there are now. */
  total(): Promise<number>;
  /**
   * The rows, read as they are taken: each a JSON array of its cells on a line of its own. Pieces end
   * anywhere. Whoever stops early stops the reading too.
   */
  lines(): AsyncIterable<Uint8Array>;
}

const TOGETHER = 500;
const utf8 = new TextEncoder();

/** A grid of rows that are at hand. */
export function gridOf(
  name: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Grid {
  return {
    name,
    columns,
    total: () => Promise.resolve(rows.length),
    async *lines() {
      for (let from = 0; from < rows.length; from += TOGETHER) {
        const some = rows.slice(from, from + TOGETHER);
        yield utf8.encode(some.map((cells) => JSON.stringify(cells) + "\n").join(""));
      }
    },
  };
}

/** A column of rows that are at hand. */
export interface Filled<Row> extends Column {
  of(row: Row): Cell;
}

/** What the chosen columns say of these rows. @throws {UnknownColumnError} */
export function filledGrid<Row>(
  name: string,
  all: readonly Filled<Row>[],
  rows: readonly Row[],
  columns?: readonly string[],
): Grid {
  const chosen = choose(all, columns);
  return gridOf(name, chosen, rows.map((row) => chosen.map(({ of }) => of(row))));
}

/** The chosen columns in the order chosen; all where none is. @throws {UnknownColumnError} */
export function choose<C extends Column>(all: readonly C[], names?: readonly string[]): C[] {
  if (names === undefined || names.length === 0) return [...all];
  return [...new Set(names)].map((name) => {
    const found = all.find((column) => column.name === name);
    if (found === undefined) throw new UnknownColumnError(name, all);
    return found;
  });
}

export class UnknownColumnError extends Error {
  override name = "UnknownColumnError";
  constructor(column: string, all: readonly Column[]) {
    const names = all.map(({ name }) => name).join(", ");
    super(`there is no column "${column.slice(0, 60)}"; there are ${names}`);
  }
}
