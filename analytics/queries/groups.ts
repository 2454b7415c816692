/** The list of messages grouped by a column: how many there are of each value, and how to list them. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, type RawBuilder, sql } from "kysely";
import { isUuid } from "../schema/uuid.ts";
import { ask } from "./ask.ts";
import type { Group, GroupPage } from "./analyses.ts";
import { GroupCursor, readCursor, writeCursor } from "./cursor.ts";
import { type ColumnName, fieldOf } from "./fields.ts";
import type { Filter } from "./filter.ts";
import { groupCells } from "./group_cells.ts";
import { endOf, type GroupQuery, type GroupRow, keyOf, NO_DAY } from "./group_keys.ts";
import { checkLimit } from "./limit.ts";
import { matching } from "./match.ts";
import type { MessageFilter, Page } from "./port.ts";
import { readSort, type Sort } from "./sort.ts";
import type { Tables } from "./tables.ts";
import { timezoneOf } from "./timezone.ts";

/** @throws {BadQueryError} for a sort, limit, time zone or cursor that is not ours. */
export async function groups(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { limit, sort: order = "-count", cursor: after, ...asked }: GroupPage,
): Promise<Page<Group>> {
  checkLimit(limit);
  const field = fieldOf(asked.groupBy);
  const isText = field.kind === "text" || asked.groupBy === "recipientType";
  const sort = readSort(order, {
    expressions: { count: "count", key: "key" },
    texts: new Set(isText ? ["key"] : []),
  });
  const cursor = after === undefined ? undefined : readCursor(after, sort, GroupCursor);
  if (filter.message !== undefined && !isUuid(filter.message)) return { items: [], next: null };

  const direction = sort.descending ? "desc" : "asc";
  const page = (groups: GroupQuery) => {
    const ordered = groups.orderBy(sort.value, direction).orderBy(sql`key`).limit(limit + 1);
    return cursor === undefined ? ordered : ordered.having(beyond(sort, cursor));
  };
  const rows = await groupCells(client, db, account, filter, asked, page) ??
    await ask(client, page(grouped(db, account, filter, asked)));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row) => groupOf(asked.groupBy, row)),
    next: rows.length > limit && last !== undefined
      ? writeCursor({
        sort: sort.name,
        value: sort.name.endsWith("key") ? last.key : last.count,
        key: last.key,
      })
      : null,
  };
}

/** One row for each value. @param filter `message` must be a UUID @throws {BadQueryError} for a time zone that is none */
export function grouped(
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { groupBy, timezone = "UTC" }: Pick<GroupPage, "groupBy" | "timezone">,
): GroupQuery {
  const field = fieldOf(groupBy);
  const zone = timezoneOf(timezone);
  return matching(db, account, filter)
    .select([keyOf(field, zone).as("key"), sql<number>`toInt64(count())`.as("count")])
    .select(endOf(field, zone).as("end"))
    .groupBy(sql`key`) as unknown as GroupQuery;
}

function beyond({ value, descending }: Sort, cursor: GroupCursor): RawBuilder<boolean> {
  const further = descending ? sql`${value} < ${cursor.value}` : sql`${value} > ${cursor.value}`;
  return sql`(${further} OR (${value} = ${cursor.value} AND key > ${cursor.key}))`;
}

/** `where` lists what is in the group. */
function groupOf(name: ColumnName, { key, count, end }: GroupRow): Group {
  const field = fieldOf(name);
  const only = (value: string | number | boolean): Group => ({
    key: value,
    count,
    where: { field: name, operator: "eq", value },
  });
  const none = (): Group => ({ key: null, count, where: { field: name, operator: "isEmpty" } });
  switch (field.kind) {
    case "text":
      return key === "" ? none() : only(key);
    case "flag":
      return only(key === 1);
    case "choice":
      return only(Object.keys(field.codes).find((code) => field.codes[code] === key)!);
    case "number":
      return key === field.absent ? none() : only(key);
    case "time": {
      if (key === NO_DAY) return none();
      const from: Filter = { field: name, operator: "gte", value: key };
      return { key, count, where: { and: [from, { field: name, operator: "lt", value: end }] } };
    }
  }
}
