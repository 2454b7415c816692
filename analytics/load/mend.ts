/**
 * Completes an insert that stopped half-way. Rows reach `facts` and, through the materialized view,
 * `deliveries` in two steps, and a crash may fall between them: then `facts` holds a batch that
 * `deliveries` has not seen, and a repeated insert would be dropped as a duplicate. So the view's own
 * SELECT is run again over the rows in question; its aggregates do not mind what they saw before.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "../schema/database.ts";

/** Folds the facts from commit `from` on into `deliveries` once more. */
export async function mend(client: ClickHouseClient, database: string, from: number) {
  const name = databaseName(database);
  const result = await client.query({
    query: "SELECT as_select FROM system.tables WHERE database = {database:String} " +
      "AND name = 'deliveries_feed'",
    query_params: { database },
    format: "JSONCompactEachRow",
  });
  const [[select]] = await result.json<[string]>() as [[string]];
  await client.command({
    query: `INSERT INTO ${name}.deliveries SELECT * FROM (${select}) ` +
      `SETTINGS additional_table_filters = {'${name}.facts': 'seq >= ${Math.trunc(from)}'}`,
  });
}
