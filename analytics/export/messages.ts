/** The list of messages: one row per message and recipient. */
import type { Streams } from "@chappe/src/embedded";
import { STATUSES } from "@chappe/src/rules";
import { type Kysely, sql } from "kysely";
import { STATUS_UNIT } from "../queries/delivery.ts";
import { matching } from "../queries/match.ts";
import { ATTENTIONS, type MessageFilter } from "../queries/port.ts";
import { MESSAGE_COLUMNS, readSort } from "../queries/sort.ts";
import type { Tables } from "../queries/tables.ts";
import { choose, type Grid } from "./grid.ts";
import { readGrid, selected, type SqlColumn } from "./read.ts";

const text = (name: string, sql: string): SqlColumn => ({ name, type: "text", sql });
const orNull = (name: string, sql: string) => text(name, `nullIf(${sql}, '')`);
const header = (name: string) => orNull(name, `JSONExtractString(d.headers, '${name}')`);
const names = STATUSES.map((status) => `'${status}'`).join(", ");

/** Over a folded delivery `d`. */
export const MESSAGE_GRID: readonly SqlColumn[] = [
  text("id", "toString(d.message)"),
  text("sender", "d.sender"),
  text("recipient", "d.recipient"),
  text("recipientType", "d.kind"),
  text("subject", "d.subject"),
  { name: "sentAt", type: "time", sql: "d.sent_at" },
  text("status", `[${names}][intDiv(d.status_key, ${STATUS_UNIT})]`),
  { name: "statusAt", type: "time", sql: `d.status_key % ${STATUS_UNIT}` },
  {
    name: "replyCode",
    type: "number",
    sql: "if(d.reply = '', NULL, JSONExtractUInt(d.reply, 'code'))",
  },
  orNull("replyEnhanced", "JSONExtractString(d.reply, 'enhanced')"),
  orNull("reply", "JSONExtractString(d.reply, 'text')"),
  { name: "opened", type: "flag", sql: "toBool(d.opened)" },
  { name: "clicked", type: "flag", sql: "toBool(d.clicked)" },
  orNull("address", "d.address"),
  orNull("pool", "d.pool"),
  orNull("provider", "d.provider"),
  orNull("campaign", "d.campaign"),
  header("billingCode"),
  header("customerReference"),
  ...ATTENTIONS.map(header),
];

/** @throws {BadQueryError} for another sort @throws {UnknownColumnError} */
export function messagesGrid(
  streams: Streams,
  db: Kysely<Tables>,
  account: string,
  filter: MessageFilter,
  { sort = "-sentAt", columns }: { sort?: string; columns?: readonly string[] },
): Grid {
  const chosen = choose(MESSAGE_GRID, columns);
  const { value, descending } = readSort(sort, MESSAGE_COLUMNS);
  const direction = descending ? "desc" : "asc";
  const found = matching(db, account, filter);
  return readGrid(streams, {
    name: "messages",
    columns: chosen,
    rows: found.select(selected(chosen))
      .orderBy(value, direction).orderBy("d.message", direction).orderBy("d.rcpt"),
    count: found.select(sql<number>`count()`.as("rows")),
  });
}
