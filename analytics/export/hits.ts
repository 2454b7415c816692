/** Every open and click, whoever made it: one row per hit. */
import type { Streams } from "@chappe/src/embedded";
import { type Kysely, sql } from "kysely";
import type { HitFilter } from "../queries/analyses.ts";
import { HIT_SORTS, hitsMatching } from "../queries/hit_list.ts";
import { scopedDeliveries } from "../queries/scope.ts";
import { readSort } from "../queries/sort.ts";
import type { Tables } from "../queries/tables.ts";
import { choose, type Grid } from "./grid.ts";
import { readGrid, selected, type SqlColumn } from "./read.ts";

const text = (name: string, column: string): SqlColumn => ({
  name,
  type: "text",
  sql: `nullIf(toString(${column}), '')`,
});

/** Over a hit `h` and its copy `copy`. */
const HIT_GRID: readonly SqlColumn[] = [
  { name: "at", type: "time", sql: "h.at" },
  text("recipient", "copy.recipient"),
  text("kind", "h.kind"),
  text("actor", "h.actor"),
  text("reason", "h.reason"),
  { name: "machine", type: "flag", sql: "toBool(h.machine)" },
  { name: "link", type: "number", sql: "nullIf(toInt64(h.link), -1)" },
  text("url", "h.url"),
  { name: "sinceSent", type: "number", sql: "nullIf(toInt64(h.since_sent), -1)" },
  text("deviceType", "h.device_type"),
  text("brand", "h.brand"),
  text("model", "h.model"),
  text("os", "h.os"),
  text("osVersion", "h.os_version"),
  text("browser", "h.browser"),
  text("browserVersion", "h.browser_version"),
  text("mailClient", "h.mail_client"),
  text("support", "h.support"),
  text("ip", "h.ip"),
  text("language", "h.language"),
  text("campaign", "h.campaign"),
  text("message", "h.message"),
  text("id", "h.id"),
];

/** @throws {BadQueryError} for another sort than by `at` @throws {UnknownColumnError} */
export function hitsGrid(
  streams: Streams,
  db: Kysely<Tables>,
  account: string,
  filter: HitFilter,
  { sort = "-at", columns }: { sort?: string; columns?: readonly string[] },
): Grid {
  const chosen = choose(HIT_GRID, columns);
  const { value, descending } = readSort(sort, HIT_SORTS);
  const direction = descending ? "desc" : "asc";
  const found = hitsMatching(db, account, filter);
  const copies = scopedDeliveries(db, account, filter)
    .select(["d.day", "d.message", "d.rcpt", "d.recipient"]);
  const withCopies = found.leftJoin(
    copies.as("copy"),
    (on) =>
      on.onRef("copy.day", "=", "h.day").onRef("copy.message", "=", "h.message")
        .onRef("copy.rcpt", "=", "h.rcpt"),
  );
  return readGrid(streams, {
    name: "hits",
    columns: chosen,
    rows: withCopies.select(selected(chosen))
      .orderBy(value, direction).orderBy("h.id", direction),
    count: found.select(sql<number>`count()`.as("rows")),
  });
}
