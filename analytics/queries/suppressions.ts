/** Suppression lists: who gets no mail of an account. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { SuppressionReason } from "@chappe/src/events";
import { recipientKey } from "@chappe/src/rules";
import { ask } from "./ask.ts";
import { readCursor, SuppressionCursor, writeCursor } from "./cursor.ts";
import { checkLimit, MOST } from "./limit.ts";
import type { Page, SuppressionFilter, SuppressionRow } from "./port.ts";
import { type Columns, readSort, type Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";

export const NIL = "00000000-0000-0000-0000-000000000000";

export const SUPPRESSION_COLUMNS: Columns = {
  expressions: {
    recipient: "s.recipient",
    reason: "s.reason",
    source: "s.source",
    by: "s.done_by",
    addedAt: "toUnixTimestamp64Milli(s.at)",
  } satisfies Partial<Record<keyof SuppressionRow, string>>,
  texts: new Set(["recipient", "reason", "source", "by"]),
};

/** @throws {BadQueryError} for a sort, limit or cursor that is not ours. */
export async function suppressions(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: SuppressionFilter,
  { limit, ...page }: { sort?: string; limit: number; cursor?: string },
): Promise<Page<SuppressionRow>> {
  const sort = readSort(page.sort ?? "-addedAt", SUPPRESSION_COLUMNS);
  const cursor = page.cursor === undefined
    ? undefined
    : readCursor(page.cursor, sort, SuppressionCursor);
  checkLimit(limit);
  const rows = await ask(
    client,
    inOrder(matching(db, account, filter), sort, cursor).select(sort.value.as("value"))
      .limit(limit + 1),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(suppressionRow),
    next: rows.length > limit && last !== undefined
      ? writeCursor({ sort: sort.name, value: last.value, recipient: last.recipient })
      : null,
  };
}

/** Null when the recipient is not on the list. */
export async function suppression(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  recipient: string,
): Promise<SuppressionRow | null> {
  const one = matching(db, account, {}).where("s.recipient", "=", recipientKey(recipient));
  const [row] = await ask(client, one);
  return row === undefined ? null : suppressionRow(row);
}

/** By recipient, a page in memory at a time. What is added meanwhile may be among them or not. */
export async function* exportSuppressions(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: SuppressionFilter,
): AsyncGenerator<SuppressionRow> {
  let cursor: string | undefined;
  do {
    const page = await suppressions(client, db, account, filter, {
      sort: "recipient",
      limit: MOST,
      cursor,
    });
    yield* page.items;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

function matching(db: Kysely<Tables>, account: string, filter: SuppressionFilter) {
  return suppressionsMatching(db, account, filter)
    .select(["s.recipient", "s.reason", "s.source", "s.note", "s.done_by", "s.message"])
    .select(sql<number>`toUnixTimestamp64Milli(s.at)`.as("added_at"));
}

/** Rows `s` of the list that a filter lets through. */
export function suppressionsMatching(
  db: Kysely<Tables>,
  account: string,
  filter: SuppressionFilter,
) {
  let found = db.selectFrom("suppressions as s")
    .where("s.account", "=", account)
    .where("s.listed", "=", 1);
  const { recipient, reason, source, from, to } = filter;
  if (recipient !== undefined) {
    found = found.where(sql<boolean>`positionCaseInsensitiveUTF8(s.recipient, ${recipient}) > 0`);
  }
  if (reason !== undefined) found = found.where("s.reason", "in", reason);
  if (source !== undefined) found = found.where("s.source", "=", source);
  if (from !== undefined) {
    found = found.where(sql<boolean>`toUnixTimestamp64Milli(s.at) >= ${from}`);
  }
  if (to !== undefined) found = found.where(sql<boolean>`toUnixTimestamp64Milli(s.at) < ${to}`);
  return found;
}

/** In the order of the sort, rows that share its value by recipient; from behind the cursor on. */
function inOrder(
  found: ReturnType<typeof matching>,
  { name, value, descending }: Sort,
  cursor: SuppressionCursor | undefined,
) {
  const direction = descending ? "desc" : "asc";
  const ordered = found.orderBy(value, direction).orderBy("s.recipient", direction);
  if (cursor === undefined) return ordered;
  // The order of the table itself: what stands before the cursor is not even read.
  if (name === "recipient") return ordered.where("s.recipient", ">", cursor.recipient);
  const place = sql`(${value}, s.recipient)`;
  const end = sql`(${cursor.value}, ${cursor.recipient})`;
  return ordered.where(
    descending ? sql<boolean>`${place} < ${end}` : sql<boolean>`${place} > ${end}`,
  );
}

interface Row {
  recipient: string;
  reason: string;
  source: string;
  note: string;
  done_by: string;
  message: string;
  added_at: number;
}

function suppressionRow(row: Row): SuppressionRow {
  return {
    recipient: row.recipient,
    reason: row.reason as SuppressionReason,
    source: row.source,
    note: row.note || null,
    by: row.done_by || null,
    addedAt: row.added_at,
    message: row.message === NIL ? null : row.message,
  };
}
