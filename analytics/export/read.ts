/** Columns that ClickHouse fills: a grid whose rows are read by a query, as they are taken. */
import type { Streams } from "@chappe/src/embedded";
import { type Compilable, sql } from "kysely";
import { SETTINGS } from "../queries/ask.ts";
import type { Column, Grid } from "./grid.ts";

/** A column as an expression of SQL, whose values are of the column's type or null. */
export interface SqlColumn extends Column {
  readonly sql: string;
}

/**
 * Blocks small enough that a piece is at hand soon; sorting beyond this goes to disk, bytes, and joins
 * are made by sorting.
 */
const STREAMED = {
  max_block_size: 4096,
  max_bytes_before_external_sort: 256 * 2 ** 20,
  join_algorithm: "'full_sorting_merge'",
  output_format_json_quote_denormals: 0,
};

/** What Kysely selects for the columns, in their order. Their names may be anybody's: here are others. */
export const selected = (columns: readonly SqlColumn[]) =>
  columns.map(({ sql: expression }, n) => sql.raw(expression).as(`c${n}`));

export function readGrid(
  streams: Streams,
  { name, columns, rows, count }: {
    name: string;
    columns: readonly Column[];
    rows: Compilable<unknown>;
    /** Gives one number. */
    count: Compilable<unknown>;
  },
): Grid {
  const read = (query: Compilable<unknown>) => {
    const { sql: text, parameters } = query.compile();
    const settings = Object.entries({ ...SETTINGS, ...STREAMED });
    return streams.read(
      `${text} SETTINGS ${settings.map(([setting, to]) => `${setting} = ${to}`).join(", ")}`,
      Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
      "JSONCompactEachRow",
    );
  };
  return {
    name,
    columns,
    async total() {
      const answer = await new Response(ReadableStream.from(read(count))).text();
      return (JSON.parse(answer) as [number])[0];
    },
    lines: () => read(rows),
  };
}
