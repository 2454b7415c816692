import assert from "node:assert/strict";
import type { Cell } from "@chappe/analytics";
import { MOST_CHILDREN, MOST_COLUMNS, nameOf, type PivotTable, pivotTable } from "./pivot_table.ts";

const CELLS: Cell[] = [
  { row: [], column: [], count: 9 },
  { row: [], column: ["Chrome"], count: 6 },
  { row: ["Android"], column: [], count: 5 },
  { row: ["Android"], column: ["Chrome"], count: 5 },
  { row: [], column: ["Safari"], count: 4 },
  { row: ["iOS"], column: [], count: 4 },
  { row: ["iOS"], column: ["Safari"], count: 4 },
  { row: ["Android", "Samsung"], column: [], count: 3 },
  { row: ["Android", "Samsung"], column: ["Chrome"], count: 3 },
  { row: ["Android", "HUAWEI"], column: [], count: 2 },
  { row: ["Android", "HUAWEI"], column: ["Chrome"], count: 2 },
  { row: ["iOS", "iPhone"], column: [], count: 4 },
  { row: ["iOS", "iPhone"], column: ["Safari"], count: 4 },
  { row: ["iOS"], column: ["Chrome"], count: 1 },
  { row: ["iOS", "iPhone"], column: ["Chrome"], count: 1 },
];
const SIZE = { rows: 2, columns: 1 };
const whole = ({ lines }: PivotTable) => lines.filter((line) => line.state !== "left");

Deno.test("each line with its subtotals is followed by those within it", () => {
  const table = pivotTable(CELLS, SIZE, new Set());
  assert.deepEqual(table.columns, [["Chrome"], ["Safari"]]);
  assert.deepEqual(
    whole(table).map(({ row, state, total, counts }) => [row.join("/"), state, total, counts]),
    [
      ["Android", "open", 5, [5, 0]],
      ["Android/Samsung", "leaf", 3, [3, 0]],
      ["Android/HUAWEI", "leaf", 2, [2, 0]],
      ["iOS", "open", 4, [1, 4]],
      ["iOS/iPhone", "leaf", 4, [1, 4]],
    ],
  );
  assert.deepEqual([table.all.total, table.all.counts], [9, [6, 4]]);
});

Deno.test("a folded line keeps its subtotals and hides what is within", () => {
  const closed = new Set([nameOf(["Android"]), nameOf(["Plan 9"])]);
  assert.deepEqual(
    whole(pivotTable(CELLS, SIZE, closed)).map((
      { row, state, total },
    ) => [row.join("/"), state, total]),
    [
      ["Android", "closed", 5],
      ["iOS", "open", 4],
      ["iOS/iPhone", "leaf", 4],
    ],
  );
});

Deno.test("without columns there are lines and totals; without cells nothing", () => {
  const { columns, lines, all } = pivotTable(CELLS, { rows: 1, columns: 0 }, new Set());
  assert.deepEqual([columns, all.counts], [[], []]);
  assert.deepEqual(lines.map(({ row, state }) => [row, state]), [
    [["Android"], "leaf"],
    [["iOS"], "leaf"],
  ]);
  assert.deepEqual(pivotTable([], SIZE, new Set()).lines, []);
});

Deno.test("of very many lines and columns the largest are shown, and how many are left", () => {
  const many = Array.from({ length: 30 }, (_, i) => String(i));
  const cells = [
    { row: [], column: [], count: 100 },
    ...many.map((name) => ({ row: ["a"], column: [name], count: 1 })),
    ...many.map((name) => ({ row: [], column: [name], count: 1 })),
    { row: ["a"], column: [], count: 100 },
    ...many.map((name) => ({ row: ["a", name], column: [], count: 1 })),
  ];
  const table = pivotTable(cells, SIZE, new Set());
  assert.deepEqual([table.columns.length, table.leftColumns], [MOST_COLUMNS, 30 - MOST_COLUMNS]);
  assert.equal(whole(table).length, 1 + MOST_CHILDREN);
  const count = 30 - MOST_CHILDREN;
  assert.deepEqual(table.lines.at(-1), { row: ["a"], state: "left", count });
});
