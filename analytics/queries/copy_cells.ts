/** Cells of copies, counted in the order of COUNTS (figures.ts). */
import { type Kysely, sql } from "kysely";
import { dayOf } from "../schema/day.ts";
import type { Dimension, Scope } from "./analyses.ts";
import type { CellQuery, Counting, Rest } from "./cells.ts";
import { COUNT_ARRAY } from "./counting.ts";
import { ALL } from "./dimensions.ts";
import { DIMENSIONS, type Slot, SLOTS, startOf } from "./keys.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Stretch } from "./stretches.ts";
import type { Tables } from "./tables.ts";

/** By a column of copies, or all together. */
export function byColumn(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  { dimension, slot }: { dimension?: Dimension; slot: Slot },
): Counting {
  const column = dimension === undefined ? undefined : DIMENSIONS[dimension];
  const key = column === undefined ? [] : [`d.${column}`];
  return {
    ...storedAs(scope, column ?? ALL, slot),
    slot,
    live: (rest) => copyCells(db, account, scope, { key, slot }, rest),
  };
}

function storedAs(
  { campaign, message }: Scope,
  dimension: string,
  slot: Slot,
): Pick<Counting, "dimension" | "key"> {
  if (message !== undefined) return { dimension: null };
  // Quarters are counted of all copies together only.
  if (slot === "quarter" && (dimension !== ALL || campaign !== undefined)) {
    return { dimension: null };
  }
  if (campaign === undefined) return { dimension };
  return dimension === ALL || dimension === DIMENSIONS.campaign
    ? { dimension: DIMENSIONS.campaign, key: campaign }
    : { dimension: null };
}

interface Counted {
  /** Parts of the key, SQL over a copy `d`. */
  key: readonly string[];
  slot: Slot;
  /** Which copies; all without it. */
  when?: string;
}

/** Copy by copy. @param rest which of the scope; null: all */
export function copyCells(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  { key, slot, when }: Counted,
  rest: Rest | null,
): CellQuery {
  let found = scopedDeliveries(db, account, scope);
  if (rest !== null) found = found.where(isIn(rest));
  if (when !== undefined) found = found.where(sql.raw<boolean>(when));
  return found.select([
    sql.raw<string[]>(keyOf(key)).as("key"),
    sql.raw<number>(startOf(slot, "d.sent_at")).as("at"),
    COUNT_ARRAY.as("counts"),
  ]).groupBy([...key.map((part) => sql.raw(part)), sql`at`]) as unknown as CellQuery;
}

/** All parts as texts, Array(String). */
export function keyOf(parts: readonly string[]): string {
  return `[${parts.map((part) => `toString(${part})`).join(", ")}]::Array(String)`;
}

function isIn({ open, pieces }: Rest) {
  const parts = pieces.map((piece) =>
    sql<boolean>`(d.sent_at >= ${piece.from}
    AND d.sent_at < ${piece.to} AND ${onDaysOf(piece)})`
  );
  if (open.length > 0) parts.push(sql`d.day IN (${sql.join(open.map(sql.lit))})`);
  return sql<boolean>`(${sql.join(parts, sql` OR `)})`;
}

/** Days of which a copy sent in it may be (deliveries()). */
function onDaysOf({ from, to }: Stretch) {
  const [first, last] = [dayOf(from - SLOTS.day), dayOf(to + SLOTS.day)];
  return sql`(d.day BETWEEN ${first} AND ${last} OR d.day = ${dayOf(0)})`;
}
