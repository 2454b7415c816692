/** What did not arrive, as it stands now: in error (soft), and refused or given up for good (hard). */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { BounceCounts, BounceKey, BounceQuestion, Bounces } from "./analyses.ts";
import { ask } from "./ask.ts";
import { standing } from "./counting.ts";
import { statusRange } from "./delivery.ts";
import { checkLimit } from "./limit.ts";
import { scopedDeliveries } from "./scope.ts";
import type { Tables } from "./tables.ts";

/** Of the last attempt. A reply stands without what differs from one recipient to the next. */
const KEYS: Readonly<Record<BounceKey, string>> = {
  class: "d.class",
  provider: "d.provider",
  reply: `if(d.reply = '', '', trim(concat(
    toString(JSONExtractUInt(d.reply, 'code')), ' ',
    replaceRegexpAll(replaceRegexpAll(JSONExtractString(d.reply, 'text'),
      '[^\\\\s<>"]+@[^\\\\s<>",;:]+', '…'), '[0-9A-Za-z_=+/-]*[0-9][0-9A-Za-z_=+/-]{9,}', '…'))))`,
  code: "if(d.reply = '', '', toString(JSONExtractUInt(d.reply, 'code')))",
  enhanced: "JSONExtractString(d.reply, 'enhanced')",
  domain: "d.domain",
  pool: "d.pool",
  address: "d.address",
  campaign: "d.campaign",
};

/** @throws {BadQueryError} for a limit that is none */
export async function bounces(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  { groupBy, limit, ...scope }: BounceQuestion,
): Promise<Bounces> {
  checkLimit(limit);
  const counts = [
    sql.raw<number>(standing("soft_bounced")).as("soft"),
    sql.raw<number>(standing("cancelled")).as("hard"),
  ];
  const sent = scopedDeliveries(db, account, scope);
  const [soft, hard] = [statusRange("soft_bounced"), statusRange("cancelled")];
  const keys = groupBy.map((key) => sql.raw<string>(KEYS[key]).as(key));
  const grouped = sent
    .where("d.status_key", ">=", Math.min(soft[0], hard[0]))
    .where("d.status_key", "<=", Math.max(soft[1], hard[1]))
    .select([...keys, ...counts])
    .groupBy(groupBy.map((key) => sql.ref(key)))
    .orderBy(sql`soft + hard`, "desc").orderBy(sql.join(groupBy.map((key) => sql.ref(key))))
    .limit(limit);
  const sentCount = sql.raw<number>(`count() - ${standing("blacklisted")}`).as("sent");
  const [rows, [total]] = await Promise.all([
    ask(client, grouped) as Promise<(BounceCounts & Partial<Record<BounceKey, string>>)[]>,
    ask(client, sent.select([...counts, sentCount])) as Promise<Bounces["total"][]>,
  ]);
  return {
    items: rows.map(({ soft, hard, ...keys }) => ({ keys, soft, hard })),
    total: total!,
  };
}
