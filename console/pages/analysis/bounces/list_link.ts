/** From a group of bounces to the list of its messages. */
import type { BounceKey, ColumnName, Condition, Filter, Scope } from "@chappe/analytics";
import { scopeParameters } from "../question.ts";

/** The columns of the list by which bounces are counted. */
const FIELDS = {
  class: "bounceClass",
  provider: "provider",
  reply: "bounceReply",
  enhanced: "replyEnhanced",
  domain: "domain",
  pool: "pool",
  address: "address",
  campaign: "campaign",
} as const satisfies Record<Exclude<BounceKey, "code">, ColumnName>;

export const SOFT = "soft_bounced";
export const HARD = "cancelled";

/** @param keys of the group; none: of all groups */
export function listLink(
  scope: Scope,
  keys: Partial<Record<BounceKey, string>>,
  statuses: readonly (typeof SOFT | typeof HARD)[],
): string {
  const { message, ...parameters } = scopeParameters(scope);
  const conditions: Filter[] = Object.entries(keys)
    .map(([key, value]) => conditionOf(key as BounceKey, value));
  if (message !== undefined) conditions.push({ field: "id", operator: "eq", value: message });
  const [only, ...others] = conditions;
  const filter = others.length === 0 ? only : { and: conditions };
  return `/messages?${new URLSearchParams({
    ...parameters,
    status: statuses.join(),
    ...filter === undefined ? {} : { filter: JSON.stringify(filter) },
  })}`;
}

function conditionOf(key: BounceKey, value: string): Condition {
  if (key !== "code") return { field: FIELDS[key], operator: "eq", value };
  return value === ""
    ? { field: "replyCode", operator: "isEmpty" }
    : { field: "replyCode", operator: "eq", value: Number(value) };
}
