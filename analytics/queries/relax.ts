/**
 * Who opened or clicked is sooner known when nobody looks at each hit, whether it was shown to be a
 * scanner's later. So first those are found who once were thought to, a few too many, and then their
 * rows are looked at.
 */
import { type RawBuilder, sql } from "kysely";
import { statusKey } from "@chappe/src/rules";
import { conditionOf } from "./condition.ts";
import type { Condition, Filter } from "./filter.ts";
import type { MessageRow } from "./port.ts";

type Bool = RawBuilder<boolean>;
type Flag = "opened" | "clicked";

export interface Relaxed {
  /** Over a folded delivery `d`, in place of the filter. */
  where: Bool;
  /** Whether the filter lets through a row that fulfils `where`. */
  holds(row: MessageRow): boolean;
}

/** Null for a filter that can be asked no sooner. */
export function relaxed(filter: Filter): Relaxed | null {
  const flags = new Set<Flag>();
  const where = conditionOf(filter, (one) => {
    const flag = askedFor(one);
    if (flag === null) return conditionOf(one);
    flags.add(flag);
    return sql`d.unrevised_key >= ${sql.lit(statusKey(flag, 0))}`;
  });
  if (flags.size === 0) return null;
  return { where, holds: (row) => [...flags].every((flag) => row[flag]) };
}

function askedFor({ field, operator, value }: Condition): Flag | null {
  if (field !== "opened" && field !== "clicked") return null;
  return (operator === "eq" ? value === true : value === false) ? field : null;
}
