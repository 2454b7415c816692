/** Runs a compiled query. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Compilable } from "kysely";

/**
 * In the SQL rather than in the client's settings, which the embedded engine would keep for all
 * later queries. Aggregating in the order of the key bounds memory whatever the number of messages.
 */
const SETTINGS = {
  output_format_json_quote_64bit_integers: 0,
  optimize_aggregation_in_order: 1,
};

/** @param more further settings for this query */
export async function ask<Row>(
  client: ClickHouseClient,
  query: Compilable<Row>,
  more: Readonly<Record<string, number>> = {},
): Promise<Row[]> {
  const { sql, parameters } = query.compile();
  const settings = Object.entries({ ...SETTINGS, ...more }).map(([name, to]) => `${name} = ${to}`);
  const result = await client.query({
    query: `${sql} SETTINGS ${settings.join(", ")}`,
    query_params: Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
    format: "JSONEachRow",
  });
  return await result.json<Row>();
}
