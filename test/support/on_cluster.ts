/** What the projection does on a cluster as on a single server, with replicated tables or plain ones. */
import assert from "node:assert/strict";
import type { ClickHouseClient } from "@clickhouse/client";
import {
  createQueries,
  migrate,
  type Queries,
  readingDatabase,
  rebuild,
  SchemaError,
} from "@chappe/analytics";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { Batch } from "../../analytics/load/batch.ts";
import { countDays, staleDays } from "../../analytics/load/count_days.ts";
import { HitWindow } from "../../analytics/load/hit_window.ts";
import { insert } from "../../analytics/load/insert.ts";
import { dropSchema } from "../../analytics/schema/migrate.ts";
import { catchUp } from "../../analytics/testing/catch_up.ts";
import { createMemoryLog, fill } from "../../analytics/testing/memory_log.ts";
import { ACCOUNTS, traffic } from "../../analytics/testing/traffic.ts";
import { QUESTIONS } from "../../bench/support/questions.ts";
import { CLUSTER, type OneServer } from "./cluster.ts";

const START = Date.UTC(2026, 9, 30);
const DAYS = 3 * 86_400_000;
const MESSAGES = 100;

export const eventsOf = (messages: number) => traffic(31, messages, START);

/** A log of so many messages, and how it is loaded. */
export function loading(client: ClickHouseClient, cluster: string | null, messages = MESSAGES) {
  const events = createMemoryLog();
  fill(events, eventsOf(messages), 10);
  return {
    client,
    events,
    cluster,
    maxRows: 400,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
    onProgress: () => {},
  };
}

/** Every list, and every question of a dashboard, of each account. */
async function figures(queries: Queries): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const account of ACCOUNTS) {
    const { items } = await queries.messages(account, {}, { limit: 5000 });
    assert(items.length > 50);
    const message = items[0]!.id;
    const subject = { account, from: START, to: START + DAYS, campaign: "spring", message };
    answers.push(items);
    for (const { name, clickhouse } of QUESTIONS) {
      answers.push([name, await clickhouse(queries, subject)]);
    }
  }
  return answers;
}

/** As a single server gives them. */
export async function plainFigures(client: ClickHouseClient): Promise<unknown[]> {
  await catchUp(loading(client, null));
  return await figures(createQueries(client));
}

/** @param expected the figures of a single server */
export async function actOnCluster(
  { client, told }: OneServer,
  expected: unknown[],
  step: (name: string, act: () => Promise<void>) => Promise<unknown>,
) {
  const options = loading(client, CLUSTER);
  const log = options.events;
  const queries = createQueries(client, { database: readingDatabase("chappe", CLUSTER) });
  const same = async () => assert.deepEqual(await figures(queries), expected);
  const asked = async <T>(query: string) =>
    await (await client.query({ query, format: "JSONCompactEachRow" })).json<T>();
  const rows = async () => Number((await asked<[string]>("SELECT count() FROM chappe.facts"))[0]);

  await step(
    "the schema is made, the log loaded, and all figures are those of one server",
    async () => {
      await catchUp(options);
      await same();
    },
  );
  await step("a start that finds all there tells the other servers nothing", async () => {
    const before = told.length;
    await catchUp(options);
    assert.deepEqual(told.slice(before), []);
  });
  await step(
    "a server without the tables that another has is not taken for a new cluster",
    async () => {
      const before = told.length;
      // Answers of the database that another server would have.
      const added = new Proxy(client, {
        get(target, name) {
          if (name !== "query") return Reflect.get(target, name);
          return (params: Parameters<ClickHouseClient["query"]>[0]) =>
            target.query(
              params.query.includes("clusterAllReplicas")
                ? { ...params, query_params: { database: "chappe" } }
                : params,
            );
        },
      });
      await assert.rejects(migrate(added, { database: "added", cluster: CLUSTER }), SchemaError);
      assert.deepEqual(told.slice(before), []);
    },
  );
  await step("a batch that comes twice stands once", async () => {
    const before = await rows();
    const commit = { ...log.commits.at(-1)!, seq: log.commits.length + 1 };
    const batch = new Batch(commit, new HitWindow());
    batch.add(commit, (_, error) => assert.fail(String(error)));
    await insert(client, "chappe", batch);
    assert.equal(await rows(), before + batch.rows);
    await insert(client, "chappe", batch);
    assert.equal(await rows(), before + batch.rows);
  });
  await step("days are counted", async () => {
    const place = { client, database: "chappe", cluster: CLUSTER };
    const seq = log.commits.length + 1;
    for (const days of await staleDays(place, seq)) await countDays(place, days, seq);
    assert.deepEqual(await staleDays(place, seq), []);
    assert((await asked("SELECT 1 FROM chappe_all.day_cells LIMIT 1")).length === 1);
    await same();
  });
  await step("a switch to tables built anew is finished by the next start", async () => {
    await dropSchema(client, { cluster: CLUSTER });
    await catchUp(options);
    let exchanges = 0;
    const failing = new Proxy(client, {
      get(target, name) {
        if (name !== "command") return Reflect.get(target, name);
        return (params: { query: string }) => {
          if (/^EXCHANGE/.test(params.query) && ++exchanges === 3) throw new Error("broken off");
          return target.command(params);
        };
      },
    });
    await assert.rejects(rebuild({ ...options, client: failing }), /broken off/);
    await catchUp(options);
    await same();
    assert.deepEqual(await asked("SHOW DATABASES LIKE 'chappe\\_next%'"), []);
  });
  await step("built anew, nothing comes out otherwise", async () => {
    assert.deepEqual((await rebuild(options))!.differences, []);
    await same();
  });
  await step("what a new version adds to a table is shown of all shards too", async () => {
    await client.command({
      query: `ALTER TABLE chappe.facts ON CLUSTER ${CLUSTER} ADD COLUMN further UInt8`,
    });
    await migrate(client, { cluster: CLUSTER });
    assert((await asked("SELECT further FROM chappe_all.facts LIMIT 1")).length === 1);
  });
  await step("it is dropped", async () => {
    await dropSchema(client, { cluster: CLUSTER });
    assert.deepEqual(await asked("SHOW DATABASES LIKE 'chappe%'"), []);
  });
}
