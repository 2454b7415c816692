/** What did not arrive, as it stands now: in error (soft), and refused or given up for good (hard). */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Compilable, type Kysely, sql } from "kysely";
import type { BounceCounts, BounceKey, BounceQuestion, Bounces, Scope } from "./analyses.ts";
import { ask } from "./ask.ts";
import { BOUNCE_PARTS, BOUNCE_SQL, IS_BOUNCED } from "./bounce_keys.ts";
import { cells, type CellTable, type Counting, SUMS } from "./cells.ts";
import { byColumn, copyCells } from "./copy_cells.ts";
import { onCountedDays } from "./counted_days.ts";
import { countIn, namedCounts } from "./counting.ts";
import { BOUNCES } from "./dimensions.ts";
import { isDimension } from "./keys.ts";
import { checkLimit } from "./limit.ts";
import type { Tables } from "./tables.ts";

/** @throws {BadQueryError} for a limit that is none */
export async function bounces(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { groupBy, limit, ...scope }: BounceQuestion,
): Promise<Bounces> {
  checkLimit(limit);
  const { parts, ...counting } = countingOf(db, account, scope, groupBy);
  const all = byColumn(db, account, scope, ALL);
  const [soft, hard] = (["softBounced", "cancelled"] as const)
    .map((name) => sql.raw<number>(`sum(${countIn("c.counts", name)})`));
  const grouped = (found: CellTable) =>
    found
      .select(groupBy.map((key) => sql<string>`c.key[${sql.lit(parts.indexOf(key) + 1)}]`.as(key)))
      .select([soft!.as("soft"), hard!.as("hard")])
      .groupBy(groupBy.map((key) => sql.ref(key)))
      .having(sql<boolean>`soft + hard > 0`)
      .orderBy(sql`soft + hard`, "desc").orderBy(sql.join(groupBy.map((key) => sql.ref(key))))
      .limit(limit) as unknown as Compilable<
        BounceCounts & Partial<Record<BounceKey, string>>
      >;
  const [rows, [total]] = await onCountedDays(client, db, account, scope, (days) => {
    const over = (counting: Counting) => cells(db, account, scope, counting, days);
    return Promise.all([
      ask(client, grouped(over(counting))),
      ask(client, over(all).select(SUMS.as("counts"))),
    ]);
  });
  const { softBounced, cancelled, sent } = namedCounts(total?.counts ?? []);
  return {
    items: rows.map(({ soft, hard, ...keys }) => ({ keys, soft, hard })),
    total: { soft: softBounced, hard: cancelled, sent },
  };
}

const ALL = { slot: "all" } as const;

/** `parts`: what stands in the keys of its cells. */
function countingOf(
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  groupBy: readonly BounceKey[],
): Counting & { parts: readonly BounceKey[] } {
  const isStored = scope.campaign === undefined && scope.message === undefined &&
    groupBy.every((key) => (BOUNCE_PARTS as readonly string[]).includes(key));
  const [only, ...others] = groupBy;
  if (!isStored && others.length === 0 && only !== undefined && isDimension(only)) {
    return { ...byColumn(db, account, scope, { ...ALL, dimension: only }), parts: [only] };
  }
  const parts = isStored ? BOUNCE_PARTS : groupBy;
  const counted = { ...ALL, key: parts.map((part) => BOUNCE_SQL[part]), when: IS_BOUNCED };
  return {
    ...ALL,
    dimension: isStored ? BOUNCES : null,
    live: (rest) => copyCells(db, account, scope, counted, rest),
    parts,
  };
}
