/** How long rows are kept: by configuration, on a database that is there as on a new one. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Cluster, clustered } from "./cluster.ts";
import { databaseName } from "./database.ts";

/** Days; null: for ever. */
export interface Keep {
  /** Events with their raw facts, from when the log took them. Without them a message has no story. */
  events: number | null;
  /** Deliveries and hits, from when the message was sent. Without them it is in no list or figure. */
  figures: number | null;
}

export const KEEP_ALL: Keep = { events: null, figures: null };

/** Rows of message ids that tell no time stand on day 0. */
const OF_MESSAGES = (days: number) => `day + toIntervalDay(${days}) DELETE WHERE day > toDate(0)`;

const TABLES = {
  facts: { days: "events", ttl: (days: number) => `toDateTime(recorded) + toIntervalDay(${days})` },
  hits: { days: "figures", ttl: OF_MESSAGES },
  deliveries: { days: "figures", ttl: OF_MESSAGES },
  days: { days: "figures", ttl: OF_MESSAGES },
  day_cells: { days: "figures", ttl: OF_MESSAGES },
} as const;

/** Rows that have expired already go in the background. */
export async function applyKeep(
  client: ClickHouseClient,
  database: string,
  keep: Keep,
  cluster: Cluster = null,
): Promise<void> {
  for (const [name, { days, ttl }] of Object.entries(TABLES)) {
    const wanted = keep[days];
    const has = await keptDays(client, database, name);
    if (has === wanted) continue;
    const change = wanted === null ? "REMOVE TTL" : `MODIFY TTL ${ttl(wanted)}`;
    const alter = `ALTER TABLE ${databaseName(database)}.${name} ${change}`;
    await client.command({ query: clustered(alter, cluster) });
  }
}

async function keptDays(client: ClickHouseClient, database: string, name: string) {
  const result = await client.query({
    query:
      "SELECT extract(engine_full, ' TTL .*toIntervalDay\\\\((\\\\d+)\\\\)') FROM system.tables " +
      "WHERE database = {database:String} AND name = {name:String}",
    query_params: { database, name },
    format: "JSONCompactEachRow",
  });
  const [[days] = [""]] = await result.json<[string]>();
  return days === "" ? null : Number(days);
}
