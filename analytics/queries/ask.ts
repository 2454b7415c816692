/** Runs a compiled query. */
import type { ClickHouseClient } from "@clickhouse/client";
import type { Compilable } from "kysely";

/**
 * In the SQL rather than in the client's settings, which the embedded engine would keep for all
 * later queries. Aggregating in the order of the key bounds memory whatever the number of messages.
 */
const SETTINGS = Object.entries({
  output_format_json_quote_64bit_integers: 0,
  optimize_aggregation_in_order: 1,
}).map(([name, value]) => `${name} = ${value}`).join(", ");

export async function ask<Row>(client: ClickHouseClient, query: Compilable<Row>): Promise<Row[]> {
  const { sql, parameters } = query.compile();
  const result = await client.query({
    query: `${sql} SETTINGS ${SETTINGS}`,
    query_params: Object.fromEntries(parameters.map((value, n) => [`p${n}`, value])),
    format: "JSONEachRow",
  });
  return await result.json<Row>();
}
