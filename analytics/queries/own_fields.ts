/** Which fields of their own senders told of recipients. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { OwnField, Scope } from "./analyses.ts";
import { ask } from "./ask.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Tables } from "./tables.ts";

/** Of more than anybody has columns, the first. */
const MOST = 1_000;

/** By name. */
export async function ownFields(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
): Promise<OwnField[]> {
  const told = scopedDeliveries(db, account, scope)
    .select(sql<[string, string]>`arrayJoin(d.fields)`.as("field"));
  return await ask(
    client,
    db.selectFrom(told.as("told")).select([
      sql<string>`told.field.1`.as("name"),
      sql<number>`toInt64(countIf(told.field.2 != ''))`.as("copies"),
    ]).groupBy("name").orderBy("name").limit(MOST),
  );
}
