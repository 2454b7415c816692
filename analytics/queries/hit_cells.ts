/**
 * Cells of hits, made up copy by copy: the same copy is never in two, so that copies add up over days.
 */
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import { type Scope, UNITS } from "./analyses.ts";
import type { CellQuery, Rest } from "./cells.ts";
import { keyOf } from "./copy_cells.ts";
import { REACTIONS, READING } from "./dimensions.ts";
import { READING_PARTS, READING_SQL } from "./reading_keys.ts";
import { scopedHits } from "./scope.ts";
import type { Tables } from "./tables.ts";

type Hits = ReturnType<typeof scopedHits>;
type CopyCells = SelectQueryBuilder<
  Tables,
  never,
  { day: string; message: string; key: string[]; counts: number[] }
>;
/** What the copies with hits `h` add to cells. */
export type PerCopy = (db: Kysely<Tables>, found: Hits) => CopyCells;

const READING_KEY = keyOf(["h.kind", "h.machine", ...READING_PARTS.map((key) => READING_SQL[key])]);
/** Kind, whether it is a machine's, and READING_PARTS. */
export const READING_LENGTH = 2 + READING_PARTS.length;

/**
 * On what each was read. The key is all its different hits, one after the other, READING_LENGTH parts
 * of each; counted are copies, then how often each of these hits came.
 */
export const readings: PerCopy = (db, found) => {
  const each = found
    .select(["h.day", "h.message", "h.rcpt"])
    .select([sql.raw<string[]>(READING_KEY).as("hit"), sql<number>`count()`.as("times")])
    .groupBy(["h.day", "h.message", "h.rcpt", "hit"]);
  const all = db.selectFrom(each.as("e"))
    .select([
      "e.day",
      "e.message",
      sql<[string[], number][]>`arraySort(groupArray((e.hit, e.times)))`.as("hits"),
    ])
    .groupBy(["e.day", "e.message", "e.rcpt"]);
  return db.selectFrom(all.as("a")).select([
    "a.day",
    "a.message",
    sql<string[]>`arrayFlatten(arrayMap(hit -> hit.1, a.hits))`.as("key"),
    sql<number[]>`arrayConcat([toUInt64(1)], arrayMap(hit -> hit.2, a.hits))`.as("counts"),
  ]) as unknown as CopyCells;
};

/** Hits of links that did not say yet when they were sent count from when the message was taken in. */
const SINCE = "if(h.since_sent >= 0, h.since_sent, greatest(0, h.at - " +
  "toUnixTimestamp64Milli(UUIDv7ToDateTime(h.message))))";

/**
 * How long after sending people hit it: the key is the kind of hit and the number of units passed;
 * counted are copies that were hit then for the first time, and hits.
 */
export const reactionsBy = (unit: keyof typeof UNITS): PerCopy => (db, found) => {
  const times = sql`arraySort(groupArray(${sql.raw(SINCE)}))`;
  const each = found.where("h.machine", "=", 0)
    .select(["h.day", "h.message", "h.kind"])
    .select(
      sql<[number, number]>`arrayJoin(arrayZip(${times}, arrayEnumerate(${times})))`.as("hit"),
    )
    .groupBy(["h.day", "h.message", "h.rcpt", "h.kind"]);
  return db.selectFrom(each.as("e")).select([
    "e.day",
    "e.message",
    sql.raw<string[]>(keyOf(["e.kind", `intDiv(e.hit.1, ${UNITS[unit]})`])).as("key"),
    sql<number[]>`[toUInt64(e.hit.2 = 1), toUInt64(1)]`.as("counts"),
  ]) as unknown as CopyCells;
};

/** Units by which reactions of days are counted. */
export const REACTION_UNIT = "hour";

/** Days are counted by these. */
export const OF_HITS: ReadonlyMap<string, PerCopy> = new Map([
  [READING, readings],
  [REACTIONS, reactionsBy(REACTION_UNIT)],
]);

/** Copy by copy, all times together. @param rest which of the scope; null: all */
export function hitCells(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  perCopy: PerCopy,
  rest: Rest | null,
): CellQuery {
  const parts = rest === null ? [scopedHits(db, account, scope)] : [];
  if (rest !== null && rest.open.length > 0) {
    parts.push(scopedHits(db, account, scope, rest.open));
  }
  for (const piece of rest?.pieces ?? []) {
    const ofPiece = scopedHits(db, account, { ...scope, ...piece });
    parts.push(
      rest!.open.length === 0 ? ofPiece : ofPiece.where("h.day", "not in", rest!.open),
    );
  }
  return parts.map((part) =>
    db.selectFrom(perCopy(db, part).as("p")).select([
      "p.key",
      sql<number>`toInt64(0)`.as("at"),
      sql<number[]>`sumForEach(p.counts)`.as("counts"),
    ]).groupBy("p.key") as unknown as CellQuery
  ).reduce((all, part) => all.unionAll(part));
}
