import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { ask } from "../queries/ask.ts";
import { createBuilder } from "../queries/compiler.ts";
import { hits } from "../queries/hits.ts";
import { createQueries } from "../queries/mod.ts";
import { dropSchema } from "../schema/migrate.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { isMachine, naive } from "../testing/naive.ts";
import { contents, hitCounts, naiveHitCounts } from "../testing/tables.ts";
import { ACCOUNTS, SCANNERS, traffic } from "../testing/traffic.ts";
import { mend } from "./mend.ts";

const EVENTS = traffic(17, 200, Date.UTC(2026, 9, 30));

Deno.test("hits that later hits revoke count as a scanner's, wherever batches are cut", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  // One event a commit, so that bursts are cut everywhere.
  fill(log, EVENTS, 1);
  const load = (maxRows: number, upTo = log.commits.length) =>
    catchUp({
      events: { ...log, lastSeq: () => Promise.resolve(upTo), read: until(upTo) },
      client,
      maxRows,
      maxWaitMs: 1,
      now: () => 0,
      logger: SILENT,
      metrics: createMetrics(),
      signal: new AbortController().signal,
    });
  const until = (upTo: number): typeof log.read =>
    async function* (options) {
      for await (const commit of log.read({ ...options, follow: false })) {
        if (commit.seq <= upTo) yield commit;
      }
      if (options.follow) {
        await new Promise((done) => options.signal?.addEventListener("abort", done));
      }
    };

  await load(10_000);
  const whole = await contents(client);

  await t.step("each delivery has the hits that a plain fold gives it", async () => {
    const all = naive(EVENTS);
    for (const account of ACCOUNTS) {
      assert.deepEqual(await hitCounts(client, account), naiveHitCounts(all, account));
    }
  });

  await t.step("each hit says who made it, and why it is thought so after all", async () => {
    const db = createBuilder("chappe");
    for (const account of ACCOUNTS) {
      const own = new Map(
        EVENTS.filter((e) => e.account === account).filter((e) =>
          e.type === "engagement.opened" || e.type === "engagement.clicked"
        ).map((e) => [e.id, e]),
      );
      const found = await ask(client, hits(db, account, {}));
      assert.equal(found.length, own.size);
      for (const hit of found) {
        const event = own.get(hit.id)!;
        assert.equal(hit.machine === 1, isMachine(event), hit.reason);
        assert.equal(`engagement.${hit.kind}ed`, event.type);
        assert.equal(hit.at, event.at);
        if (event.data.ip === SCANNERS) assert.equal(hit.actor, "scanner");
        assert.equal(hit.link, event.type === "engagement.clicked" ? event.data.link : -1);
      }
    }
  });

  await t.step("a message's story tells it too", async () => {
    const scanned = EVENTS.find((e) => e.type === "engagement.opened" && e.data.ip === SCANNERS)!;
    const story = (await createQueries(client).message(scanned.account, scanned.message!))!;
    const told = story.recipients[scanned.rcpt!]!.events.find(({ id }) => id === scanned.id)!;
    assert.equal(told.data["actor"], "scanner");
  });

  await t.step("folded once more, nothing changes", async () => {
    await mend(client, "chappe", 0);
    assert.deepEqual(await contents(client), whole);
  });

  await t.step(
    "in small batches, stopped in the middle of bursts, it comes to the same",
    async () => {
      await dropSchema(client);
      const middles = log.commits
        .filter(({ events: [e] }) => e?.type === "engagement.clicked" && e.data.ip === SCANNERS)
        .map(({ seq }) => seq);
      for (const seq of middles.filter((_, i) => i % 5 === 0).slice(0, 6)) await load(30, seq);
      await load(70);
      assert.deepEqual(await contents(client), whole);
    },
  );
});
