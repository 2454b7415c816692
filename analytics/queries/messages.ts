/** The list of messages: one item per message and recipient. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import { ask } from "./ask.ts";
import { Cursor, readCursor, writeCursor } from "./cursor.ts";
import { deliveries } from "./delivery.ts";
import { checkLimit } from "./limit.ts";
import { matching } from "./match.ts";
import type { MessageFilter, MessageRow, Page } from "./port.ts";
import { lowerBounds } from "./recent.ts";
import { DELIVERY_COLUMNS, messageRow } from "./row.ts";
import { MESSAGE_COLUMNS, readSort, type Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";

/** @throws {BadQueryError} for a sort, limit or cursor that is not ours. */
export async function messages(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { limit, ...page }: { sort?: string; limit: number; cursor?: string },
): Promise<Page<MessageRow>> {
  const sort = readSort(page.sort ?? "-sentAt", MESSAGE_COLUMNS);
  const cursor = page.cursor === undefined ? undefined : readCursor(page.cursor, sort, Cursor);
  checkLimit(limit);
  if (filter.message !== undefined && !isUuid(filter.message)) return { items: [], next: null };

  // First only the keys of the page, so that long columns of other rows are not read.
  let keys: Key[] = [];
  for (const from of await lowerBounds(client, db, account, filter, sort, cursor)) {
    keys = await ask(client, keysOf(db, account, { ...filter, from }, sort, cursor, limit + 1));
    if (keys.length > limit) break;
  }
  const shown = keys.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await rowsOf(client, db, account, shown),
    next: keys.length > limit && last !== undefined
      ? writeCursor({ sort: sort.name, ...last })
      : null,
  };
}

interface Key {
  message: string;
  rcpt: number;
  /** Of the sort column. */
  value: string | number;
}

/** In the order of the sort; rows that share its value by message and recipient. */
function keysOf(
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { value, descending }: Sort,
  cursor: Cursor | undefined,
  limit: number,
) {
  const direction = descending ? "desc" : "asc";
  const found = matching(db, account, filter)
    .select(["d.message", "d.rcpt", value.as("value")])
    .orderBy(value, direction).orderBy("d.message", direction).orderBy("d.rcpt")
    .limit(limit);
  if (cursor === undefined) return found;
  const place = sql`(${value}, d.message)`;
  const end = sql`(${cursor.value}, toUUID(${cursor.message}))`;
  const beyond = descending ? sql`${place} < ${end}` : sql`${place} > ${end}`;
  return found.where(
    sql<boolean>`(${beyond} OR (${place} = ${end} AND d.rcpt > ${cursor.rcpt}))`,
  );
}

/** The deliveries of these keys, in their order. */
async function rowsOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  keys: readonly { message: string; rcpt: number }[],
): Promise<MessageRow[]> {
  if (keys.length === 0) return [];
  const ids = [...new Set(keys.map(({ message }) => message))];
  const days = ids.map(dayOfMessage);
  const wanted = sql`SELECT id.1, id.2 FROM
    (SELECT arrayJoin(arrayZip(${days}::Array(Date), ${ids}::Array(UUID))) AS id)`;
  const folded = deliveries(db, account, {})
    .where(sql<boolean>`(deliveries.day, deliveries.message) IN (${wanted})`);
  const rows = await ask(client, db.selectFrom(folded.as("d")).select(DELIVERY_COLUMNS));
  const byKey = new Map(rows.map((row) => [`${row.message} ${row.rcpt}`, row]));
  return keys.map(({ message, rcpt }) => messageRow(byKey.get(`${message} ${rcpt}`)!));
}
