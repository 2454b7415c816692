/** Runs a compiled query. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Compilable } from "kysely";

/** In the SQL rather than in the client's settings, which the embedded engine would keep for all later queries. */
export const SETTINGS = {
  output_format_json_quote_64bit_integers: 0,
  // Of rows of one key that are not merged yet, what they come to; where a table has such.
  final: 1,
  // Rows of one key stand in one partition.
  do_not_merge_across_partitions_select_final: 1,
  // Conditions on the key, which rows to be folded share, before other columns are read.
  optimize_move_to_prewhere_if_final: 1,
  // Rows that an index leaves out may be part of a folded one that is asked for.
  use_skip_indexes_if_final: 0,
  // Parts of a column are not folded as the column is.
  optimize_functions_to_subcolumns: 0,
  // Compiling takes longer than what is compiled: the third question of a kind would wait for it.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
  // On a cluster all rows of a message stand in one shard.
  distributed_product_mode: "'local'",
};

type Settings = Readonly<Record<string, number>>;

/** @param more further settings for this query */
export async function ask<Row>(
  client: ClickHouseClient,
  query: Compilable<Row>,
  more: Settings = {},
): Promise<Row[]> {
  const result = await client.query({ ...written(query, more), format: "JSONEachRow" });
  return await result.json<Row>();
}

/** Its SQL with settings, and its parameters, for the client. */
export function written(query: Compilable, more: Settings = {}) {
  const { sql, parameters } = query.compile();
  const settings = Object.entries({ ...SETTINGS, ...more }).map(([name, to]) => `${name} = ${to}`);
  return {
    query: `${sql} SETTINGS ${settings.join(", ")}`,
    query_params: Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
  };
}
