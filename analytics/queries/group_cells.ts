/** Groups of a list that only its time or a campaign narrows, from days counted beforehand. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { GroupPage, Scope } from "./analyses.ts";
import { askCells, type CellTable, type Counting } from "./cells.ts";
import { byColumn, copyCells } from "./copy_cells.ts";
import { countIn } from "./counting.ts";
import { isListed, OF_COPIES } from "./dimensions.ts";
import { type ColumnName, type Field, fieldOf } from "./fields.ts";
import type { Counts } from "./figures.ts";
import { endOf, type GroupQuery, type GroupRow, keyOf } from "./group_keys.ts";
import { isDimension } from "./keys.ts";
import { plainScope } from "./plain_scope.ts";
import type { MessageFilter } from "./port.ts";
import type { Tables } from "./tables.ts";
import { timezoneOf } from "./timezone.ts";

/** Flags that figures count. */
const FLAGS: Partial<Record<ColumnName, keyof Counts>> = {
  delivered: "delivered",
  opened: "opened",
  clicked: "clicked",
  machineOpened: "machineOpened",
  machineClicked: "machineClicked",
  complained: "complained",
  unsubscribed: "unsubscribed",
};

/** Copies of a cell `c`. */
const COPIES = `toInt64(${countIn("c.counts", "sent")} + ${countIn("c.counts", "blacklisted")})`;

/**
 * The rows that `page` takes of the groups; null where no days are counted by that.
 * @throws {BadQueryError} for a time zone that is none */
export async function groupCells(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { groupBy, timezone = "UTC" }: Pick<GroupPage, "groupBy" | "timezone">,
  page: (groups: GroupQuery) => GroupQuery,
): Promise<GroupRow[] | null> {
  const scope = plainScope(filter);
  if (scope === null) return null;
  const found = sourceOf(db, account, scope, groupBy);
  if (found === null || found.counting.dimension === null) return null;
  const field: Field = { ...fieldOf(groupBy), sql: found.value };
  const zone = timezoneOf(timezone);
  const groups = (cells: CellTable) =>
    cells
      .select(keyOf(field, zone).as("key"))
      .select(sql.raw<number>(`sum(${found.copies})`).as("count"))
      .select(endOf(field, zone).as("end"))
      .groupBy(sql`key`).having(sql<boolean>`count > 0`) as unknown as GroupQuery;
  return await askCells(client, db, account, scope, found.counting, (cells) => page(groups(cells)));
}

interface Source {
  counting: Counting;
  /** Of the field, and how many copies have it: SQL over a cell `c`. */
  value: string;
  copies: string;
}

function sourceOf(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  name: ColumnName,
): Source | null {
  const by = (how: Parameters<typeof byColumn>[3]) => byColumn(db, account, scope, how);
  const value = fieldOf(name).kind === "text" || name === "recipientType"
    ? "c.key[1]"
    : "toInt64(c.key[1])";
  if (isDimension(name)) {
    return { counting: by({ dimension: name, slot: "all" }), value, copies: COPIES };
  }
  // Days of some time zones begin at a quarter of an hour.
  if (name === "sentAt") {
    return { counting: by({ slot: "quarter" }), value: "c.at", copies: COPIES };
  }
  const flag = FLAGS[name];
  if (flag !== undefined) {
    const raised = `toInt64(${countIn("c.counts", flag)})`;
    return {
      counting: by({ slot: "all" }),
      value: "arrayJoin([1, 0])",
      copies: `if(key = 1, ${raised}, ${COPIES} - ${raised})`,
    };
  }
  const dimension = name === "reply" ? "replyCode" : name;
  if (!isListed(dimension) || scope.campaign !== undefined) return null;
  const { key } = OF_COPIES.get(dimension)!;
  const counting: Counting = {
    dimension,
    slot: "all",
    live: (rest) => copyCells(db, account, scope, { key, slot: "all" }, rest),
  };
  return { counting, value, copies: COPIES };
}
