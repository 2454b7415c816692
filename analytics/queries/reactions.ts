/** What people did how long after their copy was sent. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { type ReactionQuestion, type Reactions, UNITS } from "./analyses.ts";
import { ask } from "./ask.ts";
import { BadQueryError } from "./port.ts";
import { scopedHits } from "./scope.ts";
import type { Tables } from "./tables.ts";

const MOST_UNITS = 1000;
/** Hits of links that did not say yet when they were sent count from when the message was taken in. */
const SINCE = "if(h.since_sent >= 0, h.since_sent, greatest(0, h.at - " +
  "toUnixTimestamp64Milli(UUIDv7ToDateTime(h.message))))";

/** @throws {BadQueryError} */
export async function reactions(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { unit, units, ...scope }: ReactionQuestion,
): Promise<Reactions[]> {
  if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
    throw new BadQueryError(`units: expected a whole number from 1 to ${MOST_UNITS}, got ${units}`);
  }
  const length = UNITS[unit];
  const times = sql`arraySort(groupArray(${sql.raw(SINCE)}))`;
  const each = scopedHits(db, account, scope).where("h.machine", "=", 0)
    .select(["h.kind", sql`arrayJoin(arrayZip(${times}, arrayEnumerate(${times})))`.as("hit")])
    .groupBy(["h.day", "h.message", "h.rcpt", "h.kind"]);
  const rows = await ask(
    client,
    db.selectFrom(each.as("c")).select([
      "c.kind",
      sql<number>`least(intDiv(c.hit.1, ${length}), ${units})`.as("place"),
      sql<number>`countIf(c.hit.2 = 1)`.as("copies"),
      sql<number>`count()`.as("hits"),
    ]).groupBy(["c.kind", "place"]),
  );
  const found = new Map(rows.map((row) => [`${row.kind} ${row.place}`, row]));
  return Array.from({ length: units + 1 }, (_, place) => {
    const [open, click] = [found.get(`open ${place}`), found.get(`click ${place}`)];
    return {
      from: place * length,
      to: place === units ? null : (place + 1) * length,
      opened: open?.copies ?? 0,
      clicked: click?.copies ?? 0,
      opens: open?.hits ?? 0,
      clicks: click?.hits ?? 0,
    };
  });
}
