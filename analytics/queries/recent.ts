/** Lists with the newest first seldom need more than the last days: those are tried first. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import type { Cursor } from "./cursor.ts";
import type { MessageFilter } from "./port.ts";
import type { Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";

const DAY = 86_400_000;

/**
 * Values for `filter.from`, each wider than the one before, the last as asked for. A page that one of
 * them fills is the page: whatever is older comes after it anyway.
 */
export async function lowerBounds(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  sort: Sort,
  cursor: Cursor | undefined,
): Promise<(number | undefined)[]> {
  const { from, to } = filter;
  if (sort.name !== "-sentAt") return [from];
  const end = Number(cursor?.value ?? to ?? await newestDay(client, db, account) + DAY);
  return [
    ...[end - DAY, end - 31 * DAY].filter((bound) => from === undefined || bound > from),
    from,
  ];
}

/** Start of the day of the account's newest message, ms UTC; 0 without any. */
async function newestDay(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
): Promise<number> {
  const [row] = await ask(
    client,
    db.selectFrom("deliveries").where("account", "=", account)
      .select(sql<number>`toInt64(toUnixTimestamp(max(day))) * 1000`.as("start")),
  );
  return row?.start ?? 0;
}
