/**
 * Completes an insert that stopped half-way. Rows reach `facts` and, through materialized views, what
 * is folded from it in several steps, and a crash may fall between them: then `facts` holds a batch
 * that others have not seen, and a repeated insert would be dropped as a duplicate. So each view's own
 * SELECT is run again over the rows in question; what they feed does not mind what it saw before.
 */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "../schema/database.ts";

/** What is folded from `facts`, each by a view named after it. */
const FOLDED = ["deliveries", "hits", "suppressions", "days"];

/** Folds the facts from commit `from` on once more. */
export async function mend(client: ClickHouseClient, database: string, from: number) {
  const name = databaseName(database);
  for (const table of FOLDED) {
    const result = await client.query({
      query: "SELECT as_select FROM system.tables WHERE database = {database:String} " +
        "AND name = {view:String}",
      query_params: { database, view: `${table}_feed` },
      format: "JSONCompactEachRow",
    });
    const [[select]] = await result.json<[string]>() as [[string]];
    await client.command({
      query: `INSERT INTO ${name}.${table} SELECT * FROM (${select}) ` +
        `SETTINGS additional_table_filters = {'${name}.facts': 'seq >= ${Math.trunc(from)}'}`,
    });
  }
}
