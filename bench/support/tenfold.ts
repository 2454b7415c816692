/** Ten times the mail: each message ten times, under an id of its own with the same time in it. */
import type { ClickHouseClient } from "@clickhouse/client";
import { readHead } from "../../analytics/load/head.ts";
import { migrate } from "../../analytics/mod.ts";

const TIMES = 10;

/** An id of version 7 like `message`, another for each copy. */
const OTHER_ID = `toUUID(concat(substring(toString(message), 1, 14),
    '7', substring(random_hex, 1, 3), '-8', substring(random_hex, 4, 3), '-',
    substring(random_hex, 7, 12)))`;

/** Fills the database from another, unless it is there; without what loading does in between. */
export async function tenfold(
  client: ClickHouseClient,
  { from, database }: { from: string; database: string },
): Promise<void> {
  await migrate(client, { database });
  if ((await readHead(client, database)).seq > 0) return;
  const start = performance.now();
  const run = (query: string, query_params = {}) => client.command({ query, query_params });
  for (const feed of ["deliveries_feed", "hits_feed", "days_feed"]) {
    await run(`DROP VIEW ${database}.${feed}`);
  }
  for (let copy = 0; copy < TIMES; copy++) {
    for (const table of ["facts", "deliveries", "hits"]) {
      await run(
        `INSERT INTO ${database}.${table}
          WITH lower(hex(sipHash128(message, {copy:UInt8}))) AS random_hex
          SELECT * REPLACE(${OTHER_ID} AS message) FROM ${from}.${table}`,
        { copy },
      );
    }
  }
  await run(`INSERT INTO ${database}.days
    SELECT account, day, max(touched), 0 FROM ${from}.days GROUP BY account, day`);
  await run(`INSERT INTO ${database}.heads SELECT * FROM ${from}.heads`);
  const seconds = (performance.now() - start) / 1000;
  console.log(`${TIMES} times the mail in ${seconds.toFixed(0)} s`);
}
