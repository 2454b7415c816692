/** What a check changes of what is known. Pure. */
import type { Domain, DomainFindings } from "../settings/mod.ts";
import type { DomainCheck } from "./check.ts";

/** What was known to be good and then was not: since when, ms UTC. By selector, or `return-path`. */
export type Doubts = ReadonlyMap<string, number>;

/** How long after a first "no" a second one is believed, ms: zones are edited, and break, for a while. */
const PROBATION = 3_600_000;

/**
 * Good news counts at once. What is known to be good stays so until two definite negative answers
 * {@link PROBATION} apart; while nobody can say, nothing changes.
 */
export function conclude(
  known: Domain,
  check: DomainCheck,
  doubts: Doubts,
  now: number,
): { findings: DomainFindings; doubts: Doubts } {
  const left = new Map<string, number>();
  function holds(what: string, status: string, before: boolean): boolean {
    if (status === "ok") return true;
    if (!before) return false;
    const since = doubts.get(what);
    if (status === "unavailable") {
      if (since !== undefined) left.set(what, since);
      return true;
    }
    if (since !== undefined && now - since >= PROBATION) return false;
    left.set(what, since ?? now);
    return true;
  }
  const statusOf = (selector: string) =>
    check.records.find((r) => r.selector === selector)?.status ?? "unavailable";
  const path = check.records.find((r) => r.purpose === "return-path");
  return {
    findings: {
      account: known.account,
      domain: known.domain,
      keys: known.keys.filter(({ selector }) =>
        holds(selector, statusOf(selector), known.verifiedSelectors.has(selector))
      ),
      returnPath: path !== undefined && holds("return-path", path.status, known.returnPath),
    },
    doubts: left,
  };
}
