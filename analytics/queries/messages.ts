/** The list of messages: one item per message and recipient. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import { isUuid } from "../schema/uuid.ts";
import { ask } from "./ask.ts";
import { Cursor, readCursor, writeCursor } from "./cursor.ts";
import { deliveries } from "./delivery.ts";
import { checkLimit } from "./limit.ts";
import { type Asked, matching } from "./match.ts";
import type { MessageFilter, MessageRow, Page } from "./port.ts";
import { lowerBounds } from "./recent.ts";
import { relaxed } from "./relax.ts";
import { messageRows } from "./row.ts";
import { readMessageSort, type Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";

/** @throws {BadQueryError} for a sort, limit or cursor that is not ours. */
export async function messages(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { limit, ...page }: { sort?: string; limit: number; cursor?: string },
): Promise<Page<MessageRow>> {
  const sort = readMessageSort(page.sort ?? "-sentAt");
  const cursor = page.cursor === undefined ? undefined : readCursor(page.cursor, sort, Cursor);
  checkLimit(limit);
  if (filter.message !== undefined && !isUuid(filter.message)) return { items: [], next: null };

  const bounds = await lowerBounds(client, db, account, filter, sort, cursor);
  /** At most so many keys, the first of all; `isAll`: there are no others. */
  async function find(most: number, sooner?: Asked) {
    let keys: Key[] = [];
    for (const from of bounds) {
      const found = matching(db, account, { ...filter, from }, sooner);
      keys = await ask(client, keysOf(found, sort, cursor, most));
      if (keys.length > limit) return { keys, isAll: from === bounds.at(-1) && keys.length < most };
    }
    return { keys, isAll: true };
  }
  const pageOf = (found: Found[], hasMore: boolean): Page<MessageRow> => ({
    items: found.map(({ row }) => row),
    next: hasMore ? writeCursor({ sort: sort.name, ...found.at(-1)!.key }) : null,
  });

  const sooner = relaxed(filter);
  if (sooner !== null) {
    const { keys, isAll } = await find(2 * (limit + 1), sooner);
    const read = async (keys: Key[]) =>
      (await rowsOf(client, db, account, keys)).filter(({ row }) => sooner.holds(row));
    const found = await read(keys.slice(0, limit + 1));
    if (found.length <= limit) found.push(...await read(keys.slice(limit + 1)));
    const hasMore = found.length > limit;
    if (hasMore || isAll) return pageOf(found.slice(0, limit), hasMore);
  }
  // First only the keys of the page, so that long columns of other rows are not read.
  const { keys } = await find(limit + 1);
  return pageOf(await rowsOf(client, db, account, keys.slice(0, limit)), keys.length > limit);
}

interface Key {
  message: string;
  rcpt: number;
  /** Of the sort column. */
  value: string | number;
}

interface Found {
  key: Key;
  row: MessageRow;
}

/** In the order of the sort; rows that share its value by message and recipient. */
function keysOf(
  deliveries: ReturnType<typeof matching>,
  { value, descending }: Sort,
  cursor: Cursor | undefined,
  limit: number,
) {
  const direction = descending ? "desc" : "asc";
  const found = deliveries
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
  keys: readonly Key[],
): Promise<Found[]> {
  if (keys.length === 0) return [];
  const ids = [...new Set(keys.map(({ message }) => message))];
  const days = ids.map(dayOfMessage);
  const wanted = sql`SELECT id.1, id.2 FROM
    (SELECT arrayJoin(arrayZip(${days}::Array(Date), ${ids}::Array(UUID))) AS id)`;
  const folded = deliveries(db, account, {})
    .where(sql<boolean>`(deliveries.day, deliveries.message) IN (${wanted})`);
  const rows = await messageRows(client, db, folded);
  const byKey = new Map(rows.map((row) => [`${row.id} ${row.rcpt}`, row]));
  return keys.map((key) => ({ key, row: byKey.get(`${key.message} ${key.rcpt}`)! }));
}
