/** What a projection built anew says otherwise than the one that serves, at the same place in the log. */
import type { ClickHouseClient } from "@clickhouse/client";
import { sql } from "kysely";
import { ask } from "../../queries/ask.ts";
import { createBuilder } from "../../queries/compiler.ts";
import { deliveries } from "../../queries/delivery.ts";
import { hits } from "../../queries/hits.ts";

/** A figure of an account that came out otherwise. */
export interface Difference {
  account: string;
  figure: string;
  before: number;
  after: number;
}

/** Hits that are judged otherwise now: why figures of opens and clicks differ. */
export interface Rejudged {
  /** Actor and rule. */
  before: string;
  after: string;
  hits: number;
}

export interface Comparison {
  /** Accounts compared. */
  accounts: number;
  differences: Difference[];
  rejudged: Rejudged[];
}

const SUMS = [
  "delivered",
  "opened",
  "clicked",
  "opens",
  "clicks",
  "machine_opened",
  "machine_clicked",
  "machine_opens",
  "machine_clicks",
  "complained",
  "unsubscribed",
] as const;

/** What is told of a copy. */
const COLUMNS = [
  "sent_at",
  "recipient",
  "domain",
  "kind",
  "sender",
  "subject",
  "campaign",
  "billing_code",
  "customer_reference",
  "headers",
  "attempt",
  "address",
  "pool",
  "provider",
  "class",
  "reply",
  "name",
  "fields",
] as const;

/** Both must have the same schema. */
export async function compare(
  client: ClickHouseClient,
  before: string,
  after: string,
): Promise<Comparison> {
  const accounts = await accountsOf(client, [before, after]);
  const comparison: Comparison = { accounts: accounts.length, differences: [], rejudged: [] };
  const rejudged = new Map<string, Rejudged>();
  for (const account of accounts) {
    const [was, is] = [
      await figuresOf(client, before, account),
      await figuresOf(client, after, account),
    ];
    for (const figure of Object.keys(is)) {
      const [old, now] = [was[figure]!, is[figure]!];
      if (old !== now) comparison.differences.push({ account, figure, before: old, after: now });
    }
    for (
      const { before: from, after: to, hits } of await rejudgedOf(client, before, after, account)
    ) {
      const key = `${from} → ${to}`;
      const known = rejudged.get(key)?.hits ?? 0;
      rejudged.set(key, { before: from, after: to, hits: known + hits });
    }
  }
  comparison.rejudged = [...rejudged.values()].sort((a, b) => b.hits - a.hits);
  return comparison;
}

async function accountsOf(client: ClickHouseClient, databases: string[]): Promise<string[]> {
  const found = await Promise.all(databases.map((database) =>
    ask(
      client,
      createBuilder(database).selectFrom("deliveries").select("account").distinct(),
    )
  ));
  return [...new Set(found.flat().map(({ account }) => account))].sort();
}

async function figuresOf(
  client: ClickHouseClient,
  database: string,
  account: string,
): Promise<Record<string, number>> {
  const db = createBuilder(database);
  const columns = COLUMNS.map((name) => sql.ref(`d.${name}`));
  const counts = db.selectFrom(deliveries(db, account, {}).as("d"))
    .select([
      sql<number>`count()`.as("deliveries"),
      // Any that differs shows: statuses with their times, and all columns that no figure counts.
      sql<number>`toFloat64(sum(d.status_key))`.as("statuses (checksum)"),
      sql<number>`toFloat64(sum(cityHash64(${sql.join(columns)}) % 1000000))`.as(
        "columns (checksum)",
      ),
      ...SUMS.map((name) => sql<number>`sum(${sql.ref(`d.${name}`)})`.as(name)),
    ]);
  const listed = db.selectFrom("suppressions").where("account", "=", account)
    .select(sql<number>`countIf(listed)`.as("suppressions"));
  const [[figures], [lists]] = [await ask(client, counts), await ask(client, listed)];
  return { ...figures, ...lists } as Record<string, number>;
}

async function rejudgedOf(
  client: ClickHouseClient,
  before: string,
  after: string,
  account: string,
): Promise<Rejudged[]> {
  const [old, now] = [createBuilder(before), createBuilder(after)];
  return await ask(
    client,
    now.selectFrom(hits(now, account, {}).as("n"))
      .innerJoin(hits(old, account, {}).as("o"), "o.id", "n.id")
      .where(sql<boolean>`(o.actor, o.reason) != (n.actor, n.reason)`)
      .select([
        sql<string>`concat(o.actor, ' (', o.reason, ')')`.as("before"),
        sql<string>`concat(n.actor, ' (', n.reason, ')')`.as("after"),
        sql<number>`count()`.as("hits"),
      ])
      .groupBy(sql`before, after`),
  );
}
