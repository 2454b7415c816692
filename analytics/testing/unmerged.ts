/** For tests: copies whose rows in `deliveries` have not been merged yet. */
import type { ClickHouseClient } from "@clickhouse/client";
import { dayOfMessage } from "../schema/day.ts";
import { migrate } from "../schema/migrate.ts";

/** Columns that an event of a copy brings; null when it has no such event. */
export type Said<C> = (copy: C) => Record<string, unknown> | null;

/** Makes the schema, and an insert for each kind of event, with copies of the account "demo". */
export async function insertUnmerged<C extends { id: string }>(
  client: ClickHouseClient,
  copies: readonly C[],
  kinds: readonly Said<C>[],
): Promise<void> {
  await migrate(client);
  await client.command({ query: "SYSTEM STOP MERGES chappe.deliveries" });
  for (const said of kinds) {
    const values = copies.flatMap((copy) => {
      const columns = said(copy);
      const key = { account: "demo", day: dayOfMessage(copy.id), message: copy.id, rcpt: 0 };
      return columns === null ? [] : [{ ...key, ...columns }];
    });
    await client.insert({ table: "chappe.deliveries", values, format: "JSONEachRow" });
  }
}
