/** Asking a running platform for a rebuild, and telling how one goes. */
import type { Comparison, RebuildState } from "@chappe/analytics";
import type { Station } from "@chappe/src/log";

/** How long a process gets to answer, ms. */
const ASK = 500;
/** So often in a row nobody may answer before the loader counts as gone. */
const MISSES = 20;

/** True when a running loader did it; false when there is none to ask. @throws {Error} when it failed. */
export async function askForRebuild(
  { party }: Pick<Station, "party">,
  tell: (line: string) => void,
): Promise<boolean> {
  if ((await party.ask("rebuild", ASK)).length === 0) return false;
  let told = "";
  for (let misses = 0; misses < MISSES;) {
    const [state] = await party.ask("rebuild-state", ASK) as RebuildState[];
    misses = state === undefined ? misses + 1 : 0;
    if (state?.phase === "failed") throw new Error(`the rebuild failed: ${state.error}`);
    if (state?.phase === "none") throw new Error("the loader was started again: ask once more");
    if (state?.phase === "building") {
      const line = progressLine(state, state.tookMs);
      if (line !== told) tell(told = line);
    }
    if (state?.phase === "done") {
      for (const line of comparisonLines(state.comparison, state.tookMs)) tell(line);
      return true;
    }
  }
  throw new Error("the loader that rebuilds answers no more: what served before serves still");
}

export function progressLine(
  { seq, last, events }: { seq: number; last: number; events: number },
  tookMs: number,
): string {
  const rate = Math.round(events / Math.max(tookMs, 1) * 1000);
  return `rebuilding: commit ${seq} of ${last}, ${events} events, ${rate} events/s, ` +
    `${(tookMs / 1000).toFixed(1)} s`;
}

/** @param comparison null when there was nothing of this schema before */
export function comparisonLines(comparison: Comparison | null, tookMs: number): string[] {
  const last = `rebuilt in ${(tookMs / 1000).toFixed(1)} s`;
  if (comparison === null) {
    return ["nothing to compare with: what was there had another schema", last];
  }
  const { accounts, differences, rejudged } = comparison;
  if (differences.length === 0 && rejudged.length === 0) {
    return [`compared: every figure of ${accounts} accounts is the same as before`, last];
  }
  return [
    ...differences.map(({ account, figure, before, after }) =>
      `compared: ${account}: ${figure}: ${before} before, ${after} now`
    ),
    ...rejudged.map(({ before, after, hits }) =>
      `compared: ${hits} hits are judged otherwise: ${before} before, ${after} now`
    ),
    last,
  ];
}
