/** Figures and rates over the messages sent in a range. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Scope } from "./analyses.ts";
import { ask } from "./ask.ts";
import { COUNT_COLUMNS } from "./counting.ts";
import { type Counts, figures } from "./figures.ts";
import { checkLimit, MOST } from "./limit.ts";
import type { Grouping, Stats } from "./port.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Tables } from "./tables.ts";

/** What messages are grouped by. They count where they were sent, whenever the outcome came. */
export const KEYS: Readonly<Record<Grouping, string>> = {
  day: "intDiv(d.sent_at, 86400000) * 86400000",
  hour: "intDiv(d.sent_at, 3600000) * 3600000",
  provider: "d.provider",
  domain: "d.domain",
  pool: "d.pool",
  address: "d.address",
  campaign: "d.campaign",
  billingCode: "d.billing_code",
};
const TIMES: ReadonlySet<Grouping | undefined> = new Set(["day", "hour"] as const);

/** @throws {BadQueryError} for a limit that is none */
export async function stats(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { groupBy, limit = MOST, ...scope }: Scope & { groupBy?: Grouping; limit?: number },
): Promise<Stats> {
  checkLimit(limit);
  const counted = scopedDeliveries(db, account, scope).select(COUNT_COLUMNS);
  if (groupBy === undefined) {
    const [counts] = await ask(client, counted) as Counts[];
    return { items: [], total: figures(counts!) };
  }
  const ofTime = TIMES.has(groupBy);
  const rows = await ask(
    client,
    counted.select([sql.raw<string | number>(KEYS[groupBy]).as("key"), WHOLE.as("whole")])
      .groupBy(sql`GROUPING SETS ((key), ())`)
      // Times in their order, anything else with the most messages first.
      .orderBy("whole", "desc").orderBy(ofTime ? sql`key` : sql`sent`, ofTime ? "asc" : "desc")
      .orderBy(sql`key`)
      .limit(limit + 1),
  ) as (Counts & { key: string | number; whole: number })[];
  const [total, ...groups] = rows;
  return {
    items: groups.map(({ key, ...counts }) => ({
      key: ofTime ? new Date(key).toISOString() : String(key),
      ...figures(counts),
    })),
    total: figures(total!),
  };
}

/** 1 in the row of all groups together. */
const WHOLE = sql<number>`grouping(key)`;
