/** Figures and rates over the messages sent in a range. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Status } from "@chappe/src/rules";
import { ask } from "./ask.ts";
import { sentDeliveries, statusRange } from "./delivery.ts";
import { addUp, COUNTS, figures } from "./figures.ts";
import type { Grouping, Stats } from "./port.ts";
import type { Tables } from "./tables.ts";

/** What messages are grouped by. They count where they were sent, whenever the outcome came. */
const KEYS: Readonly<Record<Grouping, string>> = {
  day: "toString(intDiv(d.sent_at, 86400000) * 86400000)",
  hour: "toString(intDiv(d.sent_at, 3600000) * 3600000)",
  provider: "d.provider",
  domain: "d.domain",
  pool: "d.pool",
  address: "d.address",
  campaign: "d.campaign",
  billingCode: "d.billing_code",
};
const TIMES: ReadonlySet<Grouping> = new Set(["day", "hour"]);

export async function stats(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { from, to, groupBy }: { from?: number; to?: number; groupBy?: Grouping },
): Promise<Stats> {
  const key = sql.raw<string>(groupBy === undefined ? "''" : KEYS[groupBy]);
  const rows = await ask(
    client,
    sentDeliveries(db, account, { from, to })
      .select([key.as("key"), ...COUNTS.map((name) => sql.raw<number>(COUNTING[name]).as(name))])
      .groupBy(sql`key`),
  );
  const counted = rows as ({ key: string } & Record<typeof COUNTS[number], number>)[];
  const total = figures(addUp(counted));
  if (groupBy === undefined) return { items: [], total };
  const ofTime = TIMES.has(groupBy);
  const items = counted.map((row) => ({
    key: ofTime ? new Date(Number(row.key)).toISOString() : row.key,
    ...figures(row),
  }));
  // Times in their order, anything else with the most messages first.
  items.sort((a, b) => (ofTime ? 0 : b.sent - a.sent) || (a.key < b.key ? -1 : 1));
  return { items, total };
}

function standing(status: Status): string {
  const [from, to] = statusRange(status);
  return `countIf(d.status_key BETWEEN ${from} AND ${to})`;
}

/**
 * How each figure is counted. Where a message stands now (`pending` to `blacklisted`), and what has
 * happened to it whatever came after (`delivered` to `unsubscribed`). Those on the blacklist were
 * not sent.
 */
const COUNTING: Readonly<Record<typeof COUNTS[number], string>> = {
  sent: `count() - ${standing("blacklisted")}`,
  pending: standing("pending"),
  deferred: standing("deferred"),
  softBounced: standing("soft_bounced"),
  cancelled: standing("cancelled"),
  blacklisted: standing("blacklisted"),
  delivered: "sum(d.delivered)",
  opened: "sum(d.opened)",
  clicked: "sum(d.clicked)",
  complained: "sum(d.complained)",
  unsubscribed: "sum(d.unsubscribed)",
  machineOpened: "sum(d.machine_opened)",
  machineClicked: "sum(d.machine_clicked)",
};
