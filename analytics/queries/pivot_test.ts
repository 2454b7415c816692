import assert from "node:assert/strict";
import type { TechnicalQuestion } from "./analyses.ts";
import { pivot } from "./pivot.ts";

const hit = (
  kind: string,
  machine: number,
  os: string,
  support: string,
) => [kind, String(machine), os, "", "", "", support, ""];
const asked: TechnicalQuestion = {
  rows: ["os"],
  columns: ["support"],
  hits: "both",
  count: "recipients",
  machines: false,
};

const SETS = [
  // Five copies opened and clicked on a phone, and opened on a desk, where a proxy fetched it too.
  {
    key: [
      hit("click", 0, "iOS", "mobile"),
      hit("open", 0, "iOS", "mobile"),
      hit("open", 0, "Windows", "desktop"),
      hit("open", 1, "", ""),
    ].flat(),
    counts: [5, 6, 7, 8, 9],
  },
  { key: hit("open", 0, "iOS", "tablet"), counts: [2, 3] },
];

function counted(more: Partial<TechnicalQuestion>) {
  return pivot(SETS, { ...asked, ...more })
    .map(({ row, column, count }) => `${row.join()}/${column.join()}: ${count}`);
}

Deno.test("a copy counts once in each cell it has a hit in, and in each subtotal", () => {
  // The largest first, totals before their parts.
  assert.deepEqual(counted({}), [
    "/: 7",
    "iOS/: 7",
    "Windows/: 5",
    "/desktop: 5",
    "/mobile: 5",
    "Windows/desktop: 5",
    "iOS/mobile: 5",
    "/tablet: 2",
    "iOS/tablet: 2",
  ]);
  assert.deepEqual(counted({ count: "hits", columns: [] }), ["/: 24", "iOS/: 16", "Windows/: 8"]);
  assert.deepEqual(counted({ hits: "clicks", rows: [], columns: [] }), ["/: 5"]);
  assert.deepEqual(counted({ machines: true, count: "hits", rows: [], columns: [] }), ["/: 33"]);
  assert.deepEqual(pivot([], asked), []);
});
