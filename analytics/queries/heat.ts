/** Hot zones: how often each link of a message, or of a campaign's messages, was clicked. */
import type { ClickHouseClient } from "@clickhouse/client";
import { type Kysely, sql } from "kysely";
import type { Clicks, Heat, Scope } from "./analyses.ts";
import { ask } from "./ask.ts";
import { scopedHits } from "./scope.ts";
import { COPY } from "./technical.ts";
import type { Tables } from "./tables.ts";

const NO_CLICKS: Clicks = { recipients: 0, clicks: 0, machineClicks: 0 };

export async function heat(
  client: ClickHouseClient,
  db: Kysely<Tables>,
  account: string,
  scope: Scope,
  blocks: readonly number[] = [],
): Promise<Heat> {
  // Of an element that is not there, an array gives 0; of what type an empty one is, nothing says.
  const places = blocks.length === 0 ? [0] : blocks.map((block) => block + 1);
  const block = sql<number>`arrayElement(${places}, h.link + 1)`;
  const rows = await ask(
    client,
    scopedHits(db, account, scope).where("h.kind", "=", "click").where("h.link", ">=", 0)
      .select([
        "h.link",
        block.as("block"),
        sql<number>`grouping(h.link)`.as("of_all"),
        sql<number>`grouping(block)`.as("of_link"),
        sql<string>`arrayElement(topK(1)(h.url), 1)`.as("url"),
        sql<number>`uniqExactIf(${COPY}, h.machine = 0)`.as("recipients"),
        sql<number>`countIf(h.machine = 0)`.as("clicks"),
        sql<number>`countIf(h.machine = 1)`.as("machineClicks"),
      ])
      .groupBy(sql`GROUPING SETS ((h.link), (block), ())`)
      .orderBy("h.link").orderBy("block"),
  );
  const clicks = ({ recipients, clicks, machineClicks }: Clicks): Clicks => ({
    recipients,
    clicks,
    machineClicks,
  });
  const total = rows.find(({ of_all, of_link }) => of_all === 1 && of_link === 1);
  return {
    links: rows.filter(({ of_all }) => of_all === 0)
      .map((row) => ({ position: row.link, url: row.url, ...clicks(row) })),
    blocks: rows.filter(({ of_all, of_link, block }) => of_all === 1 && of_link === 0 && block > 0)
      .map((row) => ({ block: row.block - 1, ...clicks(row) })),
    total: total === undefined ? NO_CLICKS : clicks(total),
  };
}
