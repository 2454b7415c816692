/**
 * Who opened or clicked is sooner known when nobody looks at each hit, whether it was shown to be a
 * scanner's later; and what was said of a copy, when nobody looks at its hits, which may say more. So
 * first those are found who once were thought to, a few too many, and then their rows are looked at.
 */
import { type RawBuilder, sql } from "kysely";
import { type Status, statusKey } from "@chappe/src/rules";
import { conditionOf } from "./condition.ts";
import type { Condition, Filter } from "./filter.ts";
import type { Asked } from "./match.ts";
import type { MessageFilter, MessageRow } from "./port.ts";

type Bool = RawBuilder<boolean>;
type Flag = "opened" | "clicked";

export interface Relaxed extends Asked {
  /** Whether the filter lets through a row that was found so. */
  holds(row: MessageRow): boolean;
}

/** Null for a filter that can be asked no sooner. */
export function relaxed({ where, status }: MessageFilter): Relaxed | null {
  const [hits, said] = [where && byHits(where), status?.every(isSeldomMore)];
  if (!hits && !said) return null;
  return {
    where: hits ? hits.where : where && conditionOf(where),
    statusKey: said ? "said_key" : "status_key",
    holds: (row) =>
      (!hits || hits.flags.every((flag) => row[flag])) && (!said || status!.includes(row.status)),
  };
}

/** Whether few copies of which this was said have a hit that says more. */
const isSeldomMore = (status: Status) => !["delivered", "opened", "clicked"].includes(status);

function byHits(filter: Filter): { where: Bool; flags: Flag[] } | null {
  const flags = new Set<Flag>();
  const where = conditionOf(filter, (one) => {
    const flag = askedFor(one);
    if (flag === null) return conditionOf(one);
    flags.add(flag);
    return sql`d.unrevised_key >= ${sql.lit(statusKey(flag, 0))}`;
  });
  return flags.size === 0 ? null : { where, flags: [...flags] };
}

function askedFor({ field, operator, value }: Condition): Flag | null {
  if (field !== "opened" && field !== "clicked") return null;
  return (operator === "eq" ? value === true : value === false) ? field : null;
}
