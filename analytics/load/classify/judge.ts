/** Decides who or what made a hit, from its raw facts and the hits on the same copy before it. */
import { MACHINES } from "./actor.ts";
import { BURSTS, COMPANY_MS, INSTANT_CLICK_MS } from "./data/thresholds.ts";
import type { JudgedHit, RawHit, Verdict } from "./hit.ts";
import { named } from "./named.ts";

/** How far back earlier hits matter, ms. */
export const WINDOW_MS = Math.max(COMPANY_MS, ...BURSTS.map(({ withinMs }) => withinMs));

/**
 * @param before earlier hits on the same copy (message and recipient), in the log's order, not older
 *   than {@link WINDOW_MS} before the hit
 */
export function judge(hit: RawHit, before: readonly JudgedHit[]): Verdict {
  const { tells = false, ...own } = named(hit);
  // What names itself needs no sequence, and mostly tells nothing of what came before.
  if (own.actor !== "human" && own.actor !== "unknown" && !tells) return { ...own, revokes: [] };

  const telling = before.filter(isTelling);
  const company = telling.filter((earlier) => isCompany(hit, earlier));
  if (tells) return { ...own, revokes: toRevoke(company) };
  const burst = hit.kind === "click" ? burstOf(hit, telling) : null;
  if (burst !== null) {
    return { ...SCANNER, reason: burst.reason, revokes: toRevoke([...burst.hits, ...company]) };
  }
  if (company.some(({ actor }) => actor === "scanner")) {
    return { ...SCANNER, reason: "company-of-a-scanner", revokes: [] };
  }
  if (isInstant(hit)) return { ...SCANNER, reason: "instant-click", revokes: toRevoke(company) };
  return { ...own, revokes: [] };
}

/** A person's, or a scanner's that tells of others: not what merely names itself. */
function isTelling(earlier: JudgedHit): boolean {
  if (earlier.actor !== "scanner") return earlier.actor === "human" || earlier.actor === "unknown";
  const { actor, tells = false } = named(earlier);
  return actor !== "scanner" || tells;
}

const SCANNER = { actor: "scanner" } as const;

function toRevoke(hits: readonly JudgedHit[]): string[] {
  return [...new Set(hits.filter(({ actor }) => !MACHINES.has(actor)).map(({ id }) => id))];
}

/** The burst of clicks on distinct links that this click completes. */
function burstOf(hit: RawHit, telling: readonly JudgedHit[]) {
  // A gateway that names itself may look at one link while a person clicks another.
  const clicks = telling.filter((earlier) => earlier.kind === "click" && !named(earlier).tells);
  for (const { links, withinMs, bare, anySource, reason } of BURSTS) {
    if (bare && !isBare(hit)) continue;
    const near = clicks.filter((earlier) =>
      Math.abs(hit.at - earlier.at) <= withinMs && (!bare || isBare(earlier))
    );
    const own = near.filter((earlier) => isSameSource(hit, earlier));
    for (const hits of anySource ? [own, near] : [own]) {
      const distinct = new Set(hits.map(({ link }) => link)).add(hit.link);
      if (distinct.size >= links) return { reason, hits };
    }
  }
  return null;
}

/** A click that came before anybody could have read the message, and not from a browser. */
function isInstant(hit: RawHit): boolean {
  return hit.kind === "click" && hit.sinceSent !== null && hit.sinceSent < INSTANT_CLICK_MS &&
    isBare(hit);
}

/** Says to be a browser, and came without what every browser sends. */
function isBare({ userAgent, hints }: RawHit): boolean {
  return userAgent !== "" && hints["accept-language"] === undefined;
}

/** Of the same known source, about the same time. */
function isCompany(hit: RawHit, earlier: RawHit): boolean {
  return hit.userAgent !== "" && isSameSource(hit, earlier) &&
    Math.abs(hit.at - earlier.at) <= COMPANY_MS;
}

/** From the same agent and network. */
function isSameSource(hit: RawHit, earlier: RawHit): boolean {
  return hit.userAgent === earlier.userAgent && hit.ip === earlier.ip;
}
