/** On what messages were read: a pivot with subtotals. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { Cell, TechnicalKey, TechnicalQuestion } from "./analyses.ts";
import { ask } from "./ask.ts";
import { cells } from "./cells.ts";
import { countedDays } from "./counted_days.ts";
import { READING } from "./dimensions.ts";
import { hitCells, READING_LENGTH, readings } from "./hit_cells.ts";
import { BadQueryError } from "./port.ts";
import { READING_PARTS, READING_SQL } from "./reading_keys.ts";
import { scopedHits } from "./scope.ts";
import type { Tables } from "./tables.ts";

const MOST_CELLS = 10_000;

/** Keys `k0`, `k1`, … and `count`, not grouped yet. */
type Ungrouped = SelectQueryBuilder<Tables, never, Record<string, string | number>>;

/** A copy, among those of an account. Message ids are given out here, so that no one can make two alike. */
export const COPY = sql.raw("cityHash64(h.message, h.rcpt)");

/**
 * Each combination, with the subtotals of the first rows and columns, and the total first.
 * @throws {BadQueryError} for a key that is named twice, and when there are too many combinations
 */
export async function technical(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  question: TechnicalQuestion,
): Promise<Cell[]> {
  const { rows, columns } = question;
  const keys = [...rows, ...columns];
  if (new Set(keys).size < keys.length) throw new BadQueryError("columns: a key is named twice");
  const names = keys.map((_, i) => `k${i}`);
  const found = await ask(
    client,
    (await counted(client, db, account, question, keys) ?? live(db, account, question, keys))
      .select(names.map((name) => sql.raw<number>(`grouping(${name})`).as(`${name}_out`)))
      .groupBy(sql.raw(`GROUPING SETS (${sets(names, rows.length).join(", ")})`))
      .orderBy("count", "desc").orderBy(sql.raw([...names, "count"].join(", ")))
      .limit(MOST_CELLS + 1),
  );
  if (found.length > MOST_CELLS) {
    throw new BadQueryError(`rows: more than ${MOST_CELLS} cells; ask for fewer keys or less mail`);
  }
  const given = (cell: typeof found[number], some: readonly string[]) =>
    some.filter((name) => cell[`${name}_out`] === 0).map((name) => String(cell[name]));
  return found.filter(({ count }) => Number(count) > 0).map((cell) => ({
    row: given(cell, names.slice(0, rows.length)),
    column: given(cell, names.slice(rows.length)),
    count: Number(cell["count"]),
  }));
}

/** Hit by hit. */
function live(
  db: Kysely<Tables>,
  account: string,
  { hits, count, machines, ...scope }: TechnicalQuestion,
  keys: readonly TechnicalKey[],
): Ungrouped {
  let found = scopedHits(db, account, scope);
  if (hits !== "both") found = found.where("h.kind", "=", hits === "opens" ? "open" : "click");
  if (!machines) found = found.where("h.machine", "=", 0);
  return found
    .select(keys.map((key, i) => sql.raw<string>(`toString(${READING_SQL[key]})`).as(`k${i}`)))
    .select(
      (count === "hits" ? sql<number>`count()` : sql<number>`uniqExact(${COPY})`).as("count"),
    ) as unknown as Ungrouped;
}

/** From days counted beforehand; null where they do not say it. */
async function counted(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { hits, count, machines, ...scope }: TechnicalQuestion,
  keys: readonly TechnicalKey[],
): Promise<Ungrouped | null> {
  const { campaign, message } = scope;
  if (campaign !== undefined || message !== undefined) return null;
  const places = keys.map((key) => (READING_PARTS as readonly string[]).indexOf(key));
  if (places.includes(-1)) return null;
  const days = await countedDays(client, db, account, scope);
  if (days.counted.length === 0) return null;
  const found = await cells(client, db, account, scope, {
    dimension: READING,
    slot: "all",
    live: (rest) => hitCells(db, account, scope, readings, rest),
  }, days);
  // Copies with the same hits, however many days they are of.
  const alike = found().select(["c.key", sql<number[]>`sumForEach(c.counts)`.as("counts")])
    .groupBy("c.key");
  const part = (place: number) => sql<string>`s.key[${sql.lit(place)} + s.n * ${READING_LENGTH}]`;
  let each = db.selectFrom(
    db.selectFrom(alike.as("a")).select([
      sql<number>`cityHash64(a.key)`.as("set"),
      "a.key",
      "a.counts",
      sql<number>`arrayJoin(range(intDiv(length(a.key), ${READING_LENGTH})))`.as("n"),
    ]).as("s"),
  );
  if (hits !== "both") each = each.where(part(1), "=", hits === "opens" ? "open" : "click");
  if (!machines) each = each.where(part(2), "=", "0");
  return each
    .select(places.map((place, i) => part(place + 3).as(`k${i}`)))
    .select(
      (count === "hits"
        ? sql<number>`sum(s.counts[s.n + 2])`
        : sql<number>`arraySum(set -> set.2, groupUniqArray((s.set, s.counts[1])))`).as("count"),
    ) as unknown as Ungrouped;
}

/** By the first rows and the first columns, all numbers of them. */
function sets(names: readonly string[], rows: number): string[] {
  const all: string[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = rows; column <= names.length; column++) {
      all.push(`(${[...names.slice(0, row), ...names.slice(rows, column)].join(", ")})`);
    }
  }
  return all;
}
