/** Filters that say no more than a time of sending and a campaign. Pure. */
import type { Scope } from "./analyses.ts";
import type { Condition, Filter } from "./filter.ts";
import type { MessageFilter } from "./port.ts";

/** Of what a Date can say, ms: nothing is sent after it. */
const LAST = 8.64e15;
const near = (time: number) => Math.max(-LAST, Math.min(time, LAST));

/** Null: it says more. */
export function plainScope(
  { where, attentions = {}, from, to, campaign, ...more }: MessageFilter,
): Scope | null {
  const further = [...Object.values(more), ...Object.values(attentions)];
  if (further.some((value) => value !== undefined)) return null;
  const scope: Scope = { from, to, campaign };
  return where === undefined || narrow(scope, where) ? scope : null;
}

/** False where the filter says something else too. */
function narrow(scope: Scope, filter: Filter): boolean {
  if ("and" in filter) return filter.and.every((each) => narrow(scope, each));
  if (!("field" in filter)) return false;
  if (filter.field === "campaign") return ofCampaign(scope, filter);
  return filter.field === "sentAt" && ofTime(scope, filter);
}

function ofCampaign(scope: Scope, { operator, value }: Condition): boolean {
  if (operator !== "eq" || scope.campaign !== undefined) return false;
  scope.campaign = String(value);
  return true;
}

function ofTime(scope: Scope, { operator, value }: Condition): boolean {
  const [first, last = first] = [value].flat().map(Number) as [number, number?];
  const sinceFirst = { gte: first, gt: first + 1, between: first, eq: first }[operator as string];
  const beforeLast = { lt: last, lte: last + 1, between: last + 1, eq: last + 1 }[
    operator as string
  ];
  if (sinceFirst === undefined && beforeLast === undefined) return false;
  if (sinceFirst !== undefined) scope.from = Math.max(scope.from ?? -LAST, near(sinceFirst));
  if (beforeLast !== undefined) scope.to = Math.min(scope.to ?? LAST, near(beforeLast));
  return true;
}
