/** What people did how long after their copy was sent. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import { type ReactionQuestion, type Reactions, UNITS } from "./analyses.ts";
import { askCells, type Counting } from "./cells.ts";
import { REACTIONS } from "./dimensions.ts";
import { hitCells, REACTION_UNIT, reactionsBy } from "./hit_cells.ts";
import { BadQueryError } from "./port.ts";
import type { Tables } from "./tables.ts";

const MOST_UNITS = 1000;

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
  // The shorter unit: of days hours, which are counted beforehand.
  const counted = length < UNITS[REACTION_UNIT] ? unit : REACTION_UNIT;
  const isStored = counted === REACTION_UNIT && scope.campaign === undefined &&
    scope.message === undefined;
  const counting: Counting = {
    dimension: isStored ? REACTIONS : null,
    slot: "all",
    live: (rest) => hitCells(db, account, scope, reactionsBy(counted), rest),
  };
  const passed = sql`toUInt64(c.key[2]) * ${UNITS[counted]}`;
  const rows = await askCells(client, db, account, scope, counting, (found) =>
    found.select([
      sql<string>`c.key[1]`.as("kind"),
      sql<number>`least(intDiv(${passed}, ${length}), ${units})`.as("place"),
      sql<number>`sum(c.counts[1])`.as("copies"),
      sql<number>`sum(c.counts[2])`.as("hits"),
    ]).groupBy(["kind", "place"]));
  const places = new Map(rows.map((row) => [`${row.kind} ${row.place}`, row]));
  return Array.from({ length: units + 1 }, (_, place) => {
    const [open, click] = [places.get(`open ${place}`), places.get(`click ${place}`)];
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
