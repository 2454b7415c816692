/** What left from which address, and what came from whom: by hour, by minute. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { BounceClass } from "@chappe/src/events";
import { verdictOf } from "@chappe/src/sending";
import { ask } from "./ask.ts";
import { sentDeliveries } from "./delivery.ts";
import type { ArrivalRow, AttemptFilter, AttemptRow, Outcomes } from "./port.ts";
import type { Tables } from "./tables.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** An event is recorded when it has happened; clocks of two machines may differ by less than this. */
const SKEW = HOUR;

const ATTEMPTS = [
  "delivery.delivered",
  "delivery.deferred",
  "delivery.expired",
  "delivery.bounced",
] as const;

/** A bounce that came later (RFC 3464) is no attempt of its own. */
const LATE = sql<
  number
>`facts.type = 'delivery.bounced' AND JSONExtractString(facts.data, 'mode') = 'async'`;

/** How events group that say the same of an address. */
export interface Grouped {
  type: typeof ATTEMPTS[number];
  class: BounceClass | "";
  late: number;
  count: number;
}

/** Attempts that a server answered, and bounces that came later, within a time. */
export function answered(db: Kysely<Tables>, { from, to }: { from: number; to: number }) {
  return db.selectFrom("facts")
    .where("facts.type", "in", ATTEMPTS)
    .where(recordedSince(from))
    .where(sql<boolean>`toUnixTimestamp64Milli(facts.at) >= ${from}`)
    .where(sql<boolean>`toUnixTimestamp64Milli(facts.at) < ${to}`)
    .where(sql<boolean>`(facts.reply != '' OR ${LATE})`)
    .select(["facts.provider", "facts.type", "facts.class", LATE.as("late")])
    .groupBy(["facts.provider", "facts.type", "facts.class", "late"]);
}

/** Leaves out whole parts of the table. */
export function recordedSince(from: number) {
  return sql<boolean>`facts.recorded >= fromUnixTimestamp64Milli(${from - SKEW})`;
}

export const NO_OUTCOMES: Readonly<Outcomes> = { sent: 0, delivered: 0, deferred: 0, bounced: 0 };

/** Adds a group to the outcomes that it is one of. */
export function addOutcomes(outcomes: Outcomes, { type, class: of, late, count }: Grouped): void {
  const verdict = verdictOf(type, of === "" ? null : of);
  if (!late) outcomes.sent += count;
  if (verdict !== null) outcomes[verdict] += count;
}

export async function attempts(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  { address, besides, from, to }: AttemptFilter,
): Promise<AttemptRow[]> {
  const hour = sql<number>`intDiv(toUnixTimestamp64Milli(facts.at), ${sql.lit(HOUR)}) * ${
    sql.lit(HOUR)
  }`;
  // The log may hold an event twice.
  let query = answered(db, { from, to })
    .select([hour.as("hour"), sql<number>`uniqExact(facts.id)`.as("count")])
    .groupBy("hour").orderBy("hour").orderBy("facts.provider");
  if (address !== undefined) query = query.where("facts.address", "=", address);
  if (besides !== undefined) {
    query = query.where("facts.account", "in", besides.accounts)
      .where("facts.pool", "!=", besides.pool);
  }
  const rows = new Map<string, AttemptRow>();
  for (const group of await ask(client, query)) {
    const { hour: at, provider } = group;
    const key = `${at} ${provider}`;
    const row = rows.get(key) ?? { at, provider, ...NO_OUTCOMES };
    rows.set(key, row);
    addOutcomes(row, group as Grouped);
  }
  return [...rows.values()];
}

export async function arrivals(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  range: { from: number; to: number },
): Promise<ArrivalRow[]> {
  const minute = sql<number>`intDiv(d.sent_at, ${sql.lit(MINUTE)}) * ${sql.lit(MINUTE)}`;
  return await ask(
    client,
    sentDeliveries(db, account, range)
      .select([minute.as("at"), "d.provider", sql<number>`count()`.as("count")])
      .groupBy(["at", "d.provider"]).orderBy("at").orderBy("d.provider"),
  );
}
