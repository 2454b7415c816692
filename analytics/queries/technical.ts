/** On what messages were read: a pivot with subtotals. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Cell, TechnicalKey, TechnicalQuestion } from "./analyses.ts";
import { ask } from "./ask.ts";
import { BadQueryError } from "./port.ts";
import { scopedHits } from "./scope.ts";
import type { Tables } from "./tables.ts";

const MOST_CELLS = 10_000;

/** A copy, among those of an account. Message ids are given out here, so that no one can make two alike. */
export const COPY = sql.raw("cityHash64(h.message, h.rcpt)");

/** Over hits `h`; empty where it is not known. */
const KEYS: Readonly<Record<TechnicalKey, string>> = {
  os: "h.os",
  osVersion: "trim(concat(h.os, ' ', h.os_version))",
  browser: "h.browser",
  browserVersion: "trim(concat(h.browser, ' ', h.browser_version))",
  // One maker's devices go by their names, the many others' by the maker's (seed: iPhone, iPad, HUAWEI).
  device: "if(h.brand = 'Apple' AND h.model != '', h.model, h.brand)",
  deviceType: "h.device_type",
  model: "trim(concat(h.brand, ' ', h.model))",
  support: "h.support",
  mailClient: "h.mail_client",
  language: "h.language",
};

/**
 * Each combination, with the subtotals of the first rows and columns, and the total first.
 * @throws {BadQueryError} for a key that is named twice, and when there are too many combinations
 */
export async function technical(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { rows, columns, hits, count, machines, ...scope }: TechnicalQuestion,
): Promise<Cell[]> {
  const keys = [...rows, ...columns];
  if (new Set(keys).size < keys.length) throw new BadQueryError("columns: a key is named twice");
  let found = scopedHits(db, account, scope);
  if (hits !== "both") found = found.where("h.kind", "=", hits === "opens" ? "open" : "click");
  if (!machines) found = found.where("h.machine", "=", 0);
  const names = keys.map((_, i) => `k${i}`);
  const cells = await ask(
    client,
    found.select(keys.map((key, i) => sql.raw<string>(`toString(${KEYS[key]})`).as(names[i]!)))
      .select(names.map((name) => sql.raw<number>(`grouping(${name})`).as(`${name}_out`)))
      .select(
        (count === "hits" ? sql<number>`count()` : sql<number>`uniqExact(${COPY})`).as("count"),
      )
      .groupBy(sql.raw(`GROUPING SETS (${sets(names, rows.length).join(", ")})`))
      .orderBy("count", "desc").orderBy(sql.raw([...names, "count"].join(", ")))
      .limit(MOST_CELLS + 1),
  ) as Record<string, string | number>[];
  if (cells.length > MOST_CELLS) {
    throw new BadQueryError(`rows: more than ${MOST_CELLS} cells; ask for fewer keys or less mail`);
  }
  const given = (cell: typeof cells[number], some: readonly string[]) =>
    some.filter((name) => cell[`${name}_out`] === 0).map((name) => String(cell[name]));
  return cells.filter(({ count }) => Number(count) > 0).map((cell) => ({
    row: given(cell, names.slice(0, rows.length)),
    column: given(cell, names.slice(rows.length)),
    count: Number(cell["count"]),
  }));
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
