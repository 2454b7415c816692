/** The list of messages: one item per message and recipient. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { dayOfMessage } from "../schema/day.ts";
import { ask } from "./ask.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { deliveries, sentDeliveries, statusRange } from "./delivery.ts";
import type { MessageFilter, MessageRow, Page } from "./port.ts";
import { DELIVERY_COLUMNS, messageRow } from "./row.ts";
import { readSort } from "./sort.ts";
import type { Tables } from "./tables.ts";
import { isUuid } from "../schema/uuid.ts";

/** @throws {BadQueryError} for a sort or cursor that is not ours. */
export async function messages(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  page: { sort?: string; limit: number; cursor?: string },
): Promise<Page<MessageRow>> {
  const sort = page.sort ?? "-sentAt";
  const { descending, value } = readSort(sort);
  const cursor = page.cursor === undefined ? undefined : readCursor(page.cursor, sort);
  if (filter.message !== undefined && !isUuid(filter.message)) return { items: [], next: null };

  // First only the keys of the page, so that long columns of other rows are not read.
  let found = matching(db, account, filter).select(["d.message", "d.rcpt", value.as("value")])
    .orderBy(value, descending ? "desc" : "asc")
    .orderBy("d.message", descending ? "desc" : "asc")
    .orderBy("d.rcpt")
    .limit(page.limit + 1);
  if (cursor !== undefined) {
    const place = sql`(${value}, d.message)`;
    const end = sql`(${cursor.value}, toUUID(${cursor.message}))`;
    const beyond = descending ? sql`${place} < ${end}` : sql`${place} > ${end}`;
    found = found.where(bool(sql`${beyond} OR (${place} = ${end} AND d.rcpt > ${cursor.rcpt})`));
  }
  const keys = await ask(client, found);
  const shown = keys.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    items: await rowsOf(client, db, account, shown),
    next: keys.length > shown.length && last !== undefined
      ? writeCursor({ sort, value: last.value, message: last.message, rcpt: last.rcpt })
      : null,
  };
}

function matching(db: Kysely<Tables>, account: string, filter: MessageFilter) {
  let found = sentDeliveries(db, account, filter);
  for (const column of ["recipient", "sender", "subject"] as const) {
    const part = filter[column];
    if (part !== undefined) {
      found = found.where(
        bool(sql`positionCaseInsensitiveUTF8(${sql.ref(`d.${column}`)}, ${part}) > 0`),
      );
    }
  }
  if (filter.type !== undefined) found = found.where("d.kind", "=", filter.type);
  if (filter.campaign !== undefined) found = found.where("d.campaign", "=", filter.campaign);
  if (filter.reference !== undefined) {
    found = found.where("d.customer_reference", "=", filter.reference);
  }
  if (filter.message !== undefined) {
    found = found.where(bool(sql`d.message = toUUID(${filter.message})`));
  }
  const { status } = filter;
  if (status !== undefined) {
    found = found.where(({ or, between }) =>
      or(status.map((name) => between("d.status_key", ...statusRange(name))))
    );
  }
  return found;
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
  const days = [...new Set(ids.map(dayOfMessage))];
  const folded = deliveries(db, account, {})
    .where("day", "in", days)
    .where(bool(sql`message IN (SELECT arrayJoin(${ids}::Array(UUID)))`));
  const rows = await ask(client, db.selectFrom(folded.as("d")).select(DELIVERY_COLUMNS));
  const byKey = new Map(rows.map((row) => [`${row.message} ${row.rcpt}`, row]));
  return keys.map(({ message, rcpt }) => messageRow(byKey.get(`${message} ${rcpt}`)!));
}

function bool(expression: RawBuilder<unknown>): RawBuilder<boolean> {
  return expression.$castTo<boolean>();
}
