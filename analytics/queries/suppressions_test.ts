import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import {
  derivedId,
  type Event,
  event,
  type NewEvent,
  type SuppressionReason,
} from "@chappe/src/events";
import { recipientKey } from "@chappe/src/rules";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { rebuild } from "../load/rebuild/rebuild.ts";
import { mend } from "../load/mend.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog } from "../testing/memory_log.ts";
import { randomness } from "../testing/traffic.ts";
import { createQueries } from "./mod.ts";
import {
  BadQueryError,
  type Queries,
  type SuppressionFilter,
  type SuppressionRow,
} from "./port.ts";

/** Over the end of a month. */
const START = Date.UTC(2026, 9, 31, 23);
const REASONS: SuppressionReason[] = ["manual", "complaint", "import", "hard-bounce"];
const SPELLINGS = [(a: string) => a, (a: string) => a.toUpperCase()];
const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";

/** Comings and goings on the lists of two accounts, some of them twice in the log. */
function changes(count: number): Event[] {
  const random = randomness(11);
  const pick = <T>(of: readonly T[]) => of[Math.floor(random() * of.length)]!;
  const events: Event[] = [];
  for (let i = 0; i < count; i++) {
    const account = pick(["demo", "other"]);
    const recipient = pick(SPELLINGS)(`r${Math.floor(random() * 60)}@bücher.example`);
    const at = START + i * 20_000;
    const envelope = {
      id: derivedId("test", i),
      account,
      at,
      recipient,
      by: pick(["operator", "user:x"]),
    };
    const add = (): NewEvent => {
      const message = random() < 0.3 ? { message: MESSAGE, rcpt: 0 } : {};
      const note = random() < 0.3 ? { note: `said "${i}"\t\\` } : {};
      const data = { reason: pick(REASONS), source: pick(["api", "list.csv"]), ...note };
      return event("suppression.added", { ...envelope, ...message }, data);
    };
    const made = random() < 0.7 ? add() : event("suppression.removed", envelope, { by: "x" });
    events.push({ ...made, recorded: at + 5 } as Event);
    if (random() < 0.05) events.push(pick(events));
  }
  return events;
}

/** The lists as a plain fold has them. */
function lists(events: readonly Event[]): Map<string, Map<string, SuppressionRow>> {
  const all = new Map([["demo", new Map()], ["other", new Map()]]);
  for (const e of events) {
    const list = all.get(e.account)!;
    const recipient = recipientKey(e.recipient!);
    if (e.type === "suppression.removed") list.delete(recipient);
    if (e.type === "suppression.added") {
      const { reason, source, note = null } = e.data;
      const { at: addedAt, by = null, message = null } = e;
      list.set(recipient, { recipient, reason, source, note, by, addedAt, message });
    }
  }
  return all;
}

const EVENTS = changes(400);
const LISTS = lists(EVENTS);
const byRecipient = (a: SuppressionRow, b: SuppressionRow) => a.recipient < b.recipient ? -1 : 1;
const listOf = (account: string) => [...LISTS.get(account)!.values()].sort(byRecipient);

async function everyPage(queries: Queries, sort: string, limit: number): Promise<SuppressionRow[]> {
  const rows: SuppressionRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await queries.suppressions("demo", {}, { sort, limit, cursor });
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

Deno.test("lists say what the log said last, in pages, filtered, exported, rebuilt", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  for (let i = 0; i < EVENTS.length; i += 7) log.commit(EVENTS.slice(i, i + 7));
  const given = {
    events: log,
    client,
    maxRows: 40,
    maxWaitMs: 5,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  await catchUp(given);
  const queries = createQueries(client);
  const exported = async (account: string, filter: SuppressionFilter = {}) =>
    await Array.fromAsync(queries.exportSuppressions(account, filter));

  await t.step("all of it, for each account its own", async () => {
    for (const account of ["demo", "other"]) {
      assert.deepEqual(await exported(account), listOf(account));
    }
    assert.deepEqual(await exported("nobody"), []);
  });

  await t.step("pages by any column give every row once, in order", async () => {
    for (const column of ["recipient", "reason", "source", "by", "addedAt"] as const) {
      for (const sort of [column, `-${column}`]) {
        const rows = await everyPage(queries, sort, 7);
        assert.deepEqual([...rows].sort(byRecipient), listOf("demo"), sort);
        const values = rows.map((row) => row[column]!);
        const sorted = [...values].sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
        assert.deepEqual(values, sort === column ? sorted : sorted.reverse(), sort);
      }
    }
    const { items } = await queries.suppressions("demo", {}, { limit: 3 });
    const newest = listOf("demo").sort((a, b) => b.addedAt - a.addedAt).slice(0, 3);
    assert.deepEqual(items, newest);
  });

  await t.step("filters, with hostile values too", async () => {
    const same = async (filter: SuppressionFilter, keep: (row: SuppressionRow) => boolean) =>
      assert.deepEqual(await exported("demo", filter), listOf("demo").filter(keep));
    await same({ recipient: "R1" }, (row) => row.recipient.includes("r1"));
    for (const recipient of ["' OR 1 = 1 --", "%", "\\", "é"]) {
      await same({ recipient }, () => false);
    }
    await same({ reason: ["manual", "import"] }, ({ reason }) => /^(manual|import)$/.test(reason));
    await same({ reason: [] }, () => false);
    await same({ source: "list.csv" }, ({ source }) => source === "list.csv");
    const [from, to] = [START + 2_000_000, START + 5_000_000];
    await same({ from, to }, ({ addedAt }) => addedAt >= from && addedAt < to);
  });

  await t.step("one recipient, in any spelling", async () => {
    const [first] = listOf("demo");
    const [name] = first!.recipient.split("@");
    for (const spelling of [first!.recipient, `${name!.toUpperCase()}@BÜCHER.example`]) {
      assert.deepEqual(await queries.suppression("demo", spelling), first);
    }
    assert.equal(await queries.suppression("nobody", first!.recipient), null);
    assert.equal(await queries.suppression("demo", "stranger@b.example"), null);
  });

  await t.step("a sort or cursor that is not ours is refused with the reason", async () => {
    const list = (page: { sort?: string; cursor?: string; limit?: number }) =>
      queries.suppressions("demo", {}, { limit: 2, ...page });
    const { next } = await list({ sort: "recipient" });
    const refusals: [Parameters<typeof list>[0], RegExp][] = [
      [{ sort: "note" }, /no column "note"; there are recipient, reason, source, by, addedAt/],
      [{ cursor: "nonsense" }, /not one of ours/],
      [{ cursor: next! }, /sorted by recipient, not -addedAt/],
      [{ limit: 0 }, /whole number from 1/],
    ];
    for (const [page, message] of refusals) {
      await assert.rejects(list(page), (error) => {
        return error instanceof BadQueryError && message.test(error.message);
      });
    }
  });

  await t.step("a batch folded again changes nothing; a rebuild gives the same", async () => {
    await mend(client, "chappe", 0);
    assert.deepEqual(await exported("demo"), listOf("demo"));
    // As after a crash before the view had its share.
    await client.command({ query: "TRUNCATE TABLE chappe.suppressions SYNC" });
    await mend(client, "chappe", 0);
    assert.deepEqual(await exported("demo"), listOf("demo"));
    await rebuild({ ...given, onProgress: () => {} });
    for (const account of ["demo", "other"]) {
      assert.deepEqual(await exported(account), listOf(account));
    }
  });

  await t.step("who has written can wait until it can be read", async () => {
    assert.equal(await queries.caughtUp(log.commits.length, 0), true);
    const seq = log.commits.length + 1;
    assert.equal(await queries.caughtUp(seq, 60), false);
    const waiting = queries.caughtUp(seq, 30_000);
    const gone = listOf("demo")[0]!.recipient;
    const envelope = { id: derivedId("last"), account: "demo", at: START, recipient: gone };
    const removed = event("suppression.removed", envelope, { by: "x" });
    log.commit([{ ...removed, recorded: START } as Event]);
    await catchUp(given);
    assert.equal(await waiting, true);
    assert.equal(await queries.suppression("demo", gone), null);
  });
});

Deno.test("an installation that mirrored the log before has its lists after the migration", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const log = createMemoryLog();
  for (let i = 0; i < EVENTS.length; i += 50) log.commit(EVENTS.slice(i, i + 50));
  const options = {
    events: log,
    client,
    maxWaitMs: 5,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  };
  await catchUp(options);
  for (
    const query of [
      "DROP TABLE chappe.suppressions_feed SYNC",
      "DROP TABLE chappe.suppressions SYNC",
      "DELETE FROM chappe.migrations WHERE number = 3 SETTINGS mutations_sync = 1",
    ]
  ) await client.command({ query });
  await catchUp(options);
  const queries = createQueries(client);
  const rows = await Array.fromAsync(queries.exportSuppressions("demo", {}));
  assert.deepEqual(rows, listOf("demo"));
});
