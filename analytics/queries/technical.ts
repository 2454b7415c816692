/** On what messages were read: a pivot with subtotals. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Cell, TechnicalKey, TechnicalQuestion } from "./analyses.ts";
import { ask } from "./ask.ts";
import { cells, type Counting, SUMS } from "./cells.ts";
import { onCountedDays } from "./counted_days.ts";
import { READING } from "./dimensions.ts";
import { hitCells, readings } from "./hit_cells.ts";
import { largestFirst, pivot, type ReadingSet } from "./pivot.ts";
import { BadQueryError } from "./port.ts";
import { READING_PARTS, READING_SQL } from "./reading_keys.ts";
import { scopedHits } from "./scope.ts";
import type { Tables } from "./tables.ts";

const MOST_CELLS = 10_000;
/** More different sets of hits than this are not brought here. */
const MOST_SETS = 10_000;

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
  const keys = [...question.rows, ...question.columns];
  if (new Set(keys).size < keys.length) throw new BadQueryError("columns: a key is named twice");
  const sets = await setsOf(client, db, account, question, keys);
  const found = sets === null
    ? await hitByHit(client, db, account, question, keys)
    : pivot(sets, question);
  if (found.length > MOST_CELLS) {
    throw new BadQueryError(`rows: more than ${MOST_CELLS} cells; ask for fewer keys or less mail`);
  }
  return found;
}

/** From days counted beforehand; null where they do not say it, or say more than hits would. */
async function setsOf(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { from, to, campaign, message }: TechnicalQuestion,
  keys: readonly TechnicalKey[],
): Promise<ReadingSet[] | null> {
  if (campaign !== undefined || message !== undefined) return null;
  if (!keys.every((key) => (READING_PARTS as readonly string[]).includes(key))) return null;
  const scope = { from, to };
  const counting: Counting = {
    dimension: READING,
    slot: "all",
    live: (rest) => hitCells(db, account, scope, readings, rest),
  };
  return await onCountedDays(client, db, account, scope, async (days) => {
    if (days.counted.length === 0) return null;
    const found = cells(db, account, scope, counting, days);
    const sets = await ask(
      client,
      found.select(["c.key", SUMS.as("counts")]).groupBy("c.key").limit(MOST_SETS + 1),
    );
    return sets.length > MOST_SETS ? null : sets;
  });
}

async function hitByHit(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { rows, hits, count, machines, from, to, campaign, message }: TechnicalQuestion,
  keys: readonly TechnicalKey[],
): Promise<Cell[]> {
  let found = scopedHits(db, account, { from, to, campaign, message });
  if (hits !== "both") found = found.where("h.kind", "=", hits === "opens" ? "open" : "click");
  if (!machines) found = found.where("h.machine", "=", 0);
  const names = keys.map((_, i) => `k${i}`);
  const cells = await ask(
    client,
    found
      .select(
        keys.map((key, i) => sql.raw<string>(`toString(${READING_SQL[key]})`).as(names[i]!)),
      )
      .select(names.map((name) => sql.raw<number>(`grouping(${name})`).as(`${name}_out`)))
      .select(
        (count === "hits" ? sql<number>`count()` : sql<number>`uniqExact(${COPY})`).as("count"),
      )
      .groupBy(sql.raw(`GROUPING SETS (${groupingSets(names, rows.length).join(", ")})`))
      .limit(MOST_CELLS + 1),
  ) as Record<string, string | number>[];
  const given = (cell: typeof cells[number], some: readonly string[]) =>
    some.filter((name) => cell[`${name}_out`] === 0).map((name) => String(cell[name]));
  return largestFirst(
    cells.filter(({ count }) => Number(count) > 0).map((cell) => ({
      row: given(cell, names.slice(0, rows.length)),
      column: given(cell, names.slice(rows.length)),
      count: Number(cell["count"]),
    })),
  );
}

/** By the first rows and the first columns, all numbers of them. */
function groupingSets(names: readonly string[], rows: number): string[] {
  const all: string[] = [];
  for (let row = 0; row <= rows; row++) {
    for (let column = rows; column <= names.length; column++) {
      all.push(`(${[...names.slice(0, row), ...names.slice(rows, column)].join(", ")})`);
    }
  }
  return all;
}
