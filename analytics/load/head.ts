/** How far ClickHouse mirrors the log. */
import type { ClickHouseClient } from "@clickhouse/client";
import { databaseName } from "../schema/database.ts";

export interface Head {
  /** Last commit that is in `facts`; 0 when none is. */
  seq: number;
  /** First commit of the insert that brought it. */
  batch: number;
}

export async function readHead(client: ClickHouseClient, database: string): Promise<Head> {
  const result = await client.query({
    query: `SELECT max(seq), max(batch) FROM ${databaseName(database)}.facts`,
    format: "JSONCompactEachRow",
  });
  const [[seq, batch] = [0, 0]] = await result.json<[string | number, string | number]>();
  return { seq: Number(seq), batch: Number(batch) };
}
