import assert from "node:assert/strict";
import type { RebuildState } from "@chappe/analytics";
import { askForRebuild } from "./rebuild_told.ts";

const PROGRESS = { seq: 30, last: 40, events: 6000 };

/** A platform whose loader answers so, one after another. */
function platform(states: RebuildState[]) {
  let asked = 0;
  return {
    party: {
      ask: (subject: string) =>
        Promise.resolve(
          subject === "rebuild"
            ? states.slice(0, 1)
            : states.slice(0, asked++ < states.length ? undefined : 0).slice(asked - 1, asked),
        ),
      answer: () => {},
    },
  };
}

async function told(states: RebuildState[]): Promise<string[]> {
  const lines: string[] = [];
  assert.equal(await askForRebuild(platform(states), (line) => lines.push(line)), true);
  return lines;
}

Deno.test("progress with its rate, then what came out otherwise and why", async () => {
  const building = { phase: "building" as const, tookMs: 2000, ...PROGRESS };
  const comparison = {
    accounts: 2,
    differences: [{ account: "demo", figure: "clicked", before: 5, after: 3 }],
    rejudged: [{ before: "human (x)", after: "scanner (y)", hits: 2 }],
  };
  const done = { phase: "done" as const, tookMs: 2500, comparison, ...PROGRESS };
  assert.deepEqual(await told([building, building, done]), [
    "rebuilding: commit 30 of 40, 6000 events, 3000 events/s, 2.0 s",
    "compared: demo: clicked: 5 before, 3 now",
    "compared: 2 hits are judged otherwise: human (x) before, scanner (y) now",
    "rebuilt in 2.5 s",
  ]);
  const same = { accounts: 2, differences: [], rejudged: [] };
  assert.match((await told([{ ...done, comparison: same }])).join(), /same as before/);
  assert.match((await told([{ ...done, comparison: null }])).join(), /another schema/);
});

Deno.test("without a loader nothing is done; one that fails or is gone is told of", async () => {
  assert.equal(await askForRebuild(platform([]), assert.fail), false);
  await assert.rejects(told([{ phase: "failed", error: "disk full" }]), /failed: disk full/);
  await assert.rejects(told([{ phase: "none" }]), /ask once more/);
  const building = { phase: "building" as const, tookMs: 1, ...PROGRESS };
  await assert.rejects(told([building]), /what served before serves still/);
});
