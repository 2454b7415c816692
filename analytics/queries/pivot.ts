/** A pivot over sets of hits (hit_cells.ts). Pure. */
import type { Cell, TechnicalQuestion } from "./analyses.ts";
import { READING_LENGTH } from "./hit_cells.ts";
import { READING_PARTS } from "./reading_keys.ts";

/** Copies that have these hits and no others: `counts` are they, and how often each hit came. */
export interface ReadingSet {
  key: readonly string[];
  counts: readonly number[];
}

/** Each combination, with the subtotals of the first rows and columns; nothing that is 0. */
export function pivot(sets: readonly ReadingSet[], question: TechnicalQuestion): Cell[] {
  const { rows, columns, hits, count, machines } = question;
  const places = [...rows, ...columns].map((key) =>
    2 + READING_PARTS.findIndex((part) => part === key)
  );
  const cells = new Map<string, Cell>();
  for (const { key, counts } of sets) {
    const [copies = 0, ...times] = counts;
    // Cells that this set's copies are in already.
    const counted = new Set<Cell>();
    times.forEach((time, n) => {
      const hit = key.slice(n * READING_LENGTH, (n + 1) * READING_LENGTH);
      const [kind, machine] = hit;
      if ((machine === "1" && !machines) || (hits !== "both" && hits !== `${kind}s`)) return;
      const values = places.map((place) => hit[place]!);
      for (const cell of cellsOf(cells, values.slice(0, rows.length), values.slice(rows.length))) {
        if (count === "hits") cell.count += time;
        else if (!counted.has(cell)) cell.count += copies;
        counted.add(cell);
      }
    });
  }
  return largestFirst(cells.values());
}

/** All that a hit with these values is in, new ones made. */
function cellsOf(cells: Map<string, Cell>, row: string[], column: string[]): Cell[] {
  const found: Cell[] = [];
  for (let rows = 0; rows <= row.length; rows++) {
    for (let columns = 0; columns <= column.length; columns++) {
      const place = [row.slice(0, rows), column.slice(0, columns)] as const;
      const name = JSON.stringify(place);
      const cell = cells.get(name) ?? { row: place[0], column: place[1], count: 0 };
      cells.set(name, cell);
      found.push(cell);
    }
  }
  return found;
}

/** The largest first, totals before their parts, then by their values: no two are alike. */
export function largestFirst(cells: Iterable<Cell>): Cell[] {
  return [...cells]
    .map((cell) => {
      const { row, column, count } = cell;
      return { cell, count, keys: row.length + column.length, name: JSON.stringify([row, column]) };
    })
    .sort((a, b) => b.count - a.count || a.keys - b.keys || (a.name < b.name ? -1 : 1))
    .map(({ cell }) => cell);
}
