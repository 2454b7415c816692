/** Tells a `why` in words: why that address, why that moment. */
import type { Why } from "../events/mod.ts";

const RULES: Readonly<Record<string, (figures: NonNullable<Why["figures"]>) => string>> = {
  "warm-up": ({ day, sentThisHour, hour }) =>
    `The account's own address, on day ${day} of its warm-up, still had some of this hour's ` +
    `allowance left (${sentThisHour} of ${hour} taken).`,
  "own-pool": ({ addresses }) =>
    `The account's own address that was used the least of the ${addresses} free ones.`,
  "shared-pool": ({ addresses }) =>
    `The shared address that was used the least of the ${addresses} free ones.`,
  "overflow": () => "An address of the overflow pool, as none of the account's own was free.",
  "switched-pool": ({ instead }) => `An address of the pool that stands in for ${instead} for now.`,
  "no-servers": () => "No server takes mail for this domain, so no address was chosen.",
  "no-address-free": () => "No address was free, so it waited.",
};

/** Sentences, the choice first. Rules that this room does not know are named. */
export function tellWhy({ rule, figures, alternatives }: Why): string[] {
  const told = RULES[rule]?.(figures ?? {}) ?? `Rule ${rule}${list(figures)}.`;
  return [told, ...(alternatives ?? []).map(tellAlternative)];
}

function tellAlternative(
  { address, pool, rule, until }: NonNullable<Why["alternatives"]>[number],
): string {
  const name = `${address ?? "The system's address"} (${pool})`;
  const time = until === undefined ? "" : ` until ${new Date(until).toISOString()}`;
  const [kind, reason] = rule.split(":");
  const day = /^warm-up-day-(\d+)$/.exec(rule)?.[1];
  if (day !== undefined) return `${name}: its allowance of day ${day} was used up${time}.`;
  if (kind === "paused") return `${name}: paused${time} (${reason}).`;
  if (kind === "suspended") return `${name}: suspended at this provider${time} (${reason}).`;
  if (kind === "pace") return `${name}: busy at this provider's pace${time}.`;
  return `${name}: ${rule}${time}.`;
}

function list(figures: Why["figures"]): string {
  const all = Object.entries(figures ?? {}).map(([name, value]) => `${name} ${value}`);
  return all.length === 0 ? "" : ` (${all.join(", ")})`;
}
