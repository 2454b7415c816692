import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import * as XLSX from "@e965/xlsx";
import { openClickHouse, openStreams, startTestClickHouse } from "@chappe/src/embedded";
import { derivedId, type Event, event } from "@chappe/src/events";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../queries/mod.ts";
import type { Filter } from "../queries/filter.ts";
import { BadQueryError, type MessageRow, type Queries } from "../queries/port.ts";
import { catchUp } from "../testing/catch_up.ts";
import { serveHttp } from "../testing/http_front.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { ACCOUNTS, HOSTILE, OWN_NAMES, traffic } from "../testing/traffic.ts";
import { fileOf } from "./file.ts";
import { type Grid, gridOf, UnknownColumnError } from "./grid.ts";
import { createExports, type Exports } from "./mod.ts";
import { type Format, TooManyRowsError } from "./write/writer.ts";

const START = Date.UTC(2026, 9, 30);
const HOSTILE_NOTE = '=cmd|"/c calc"!A1';

function events(): Event[] {
  const suppressed = Array.from({ length: 30 }, (_, i) => {
    const at = START + i * 1000;
    const envelope = {
      id: derivedId("export", i),
      account: i % 3 === 0 ? "other" : ACCOUNTS[0],
      at,
      recipient: `r${i}@b.example`,
      by: "user:x",
    };
    const data = { reason: "manual" as const, source: "api", note: HOSTILE_NOTE };
    return { ...event("suppression.added", envelope, data), recorded: at } as Event;
  });
  return [...traffic(7, 300, START), ...suppressed];
}

async function read(grid: Grid, format: Format): Promise<Uint8Array> {
  return await new Response(ReadableStream.from(fileOf(grid, { format }))).bytes();
}
async function rowsOf(grid: Grid): Promise<Record<string, unknown>[]> {
  const text = new TextDecoder().decode(await read(grid, "jsonl"));
  return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

function expected(row: MessageRow): Record<string, unknown> {
  const { rcpt: _, reply, headers, sentAt, statusAt, openedAt, clickedAt, ...more } = row;
  const { fields: _fields, ...rest } = more;
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  return {
    ...rest,
    sentAt: iso(sentAt),
    statusAt: iso(statusAt),
    openedAt: iso(openedAt),
    clickedAt: iso(clickedAt),
    replyCode: reply?.code ?? null,
    replyEnhanced: reply?.enhanced ?? null,
    replyText: reply?.text || null,
    billingCode: headers["billingCode"] ?? null,
    attention3: headers["attention3"] ?? null,
  };
}

/** All of a list, page by page. */
async function listed(queries: Queries, account: string, filter: object, sort: string) {
  return (await queries.messages(account, filter, { sort, limit: 10_000 })).items;
}

async function same(exports: Exports, queries: Queries): Promise<void> {
  const [account] = ACCOUNTS;
  const questions = [
    ...["-sentAt", "recipient", "-status"].map((sort) => ({ filter: {}, sort })),
    { filter: { status: ["delivered" as const] }, sort: "sentAt" },
    {
      filter: { where: { field: "opened", operator: "eq", value: true } as Filter },
      sort: "domain",
    },
    ...HOSTILE.map((subject) => ({ filter: { subject }, sort: "subject" })),
  ];
  for (const { filter, sort } of questions) {
    const grid = exports.messages(account, filter, { sort });
    const items = await listed(queries, account, filter, sort);
    const rows = await rowsOf(grid);
    assert.equal(rows.length, items.length);
    assert.equal(await grid.total(), items.length);
    for (const [i, row] of rows.entries()) {
      for (const [name, value] of Object.entries(expected(items[i]!))) {
        assert.deepEqual(row[name], value, name);
      }
    }
  }
}

/** Columns of the senders' own fields, between others and twice; one that nobody has is empty. */
async function sameOwn(exports: Exports, queries: Queries): Promise<void> {
  const [account] = ACCOUNTS;
  const names = [...OWN_NAMES, "nobody's"];
  const own = names.map((name) => `fields.${name}`);
  const columns = [own[0]!, "id", ...own, "name"];
  for (const sort of own) {
    const grid = exports.messages(account, {}, { sort, columns });
    assert.deepEqual(grid.columns.map(({ name }) => name), [own[0], "id", ...own.slice(1), "name"]);
    const items = await listed(queries, account, {}, sort);
    assert(items.some(({ fields }) => fields[names[0]!]));
    assert.deepEqual(
      await rowsOf(grid),
      items.map(({ id, name, fields }) => ({
        id,
        name,
        ...Object.fromEntries(names.map((name) => [`fields.${name}`, fields[name] || null])),
      })),
    );
  }
  for (const column of ["fields.", "fields", "Fields.Ville", `fields.${"x".repeat(65)}`]) {
    assert.throws(() => exports.messages(account, {}, { columns: [column] }), /no column/);
  }
}

Deno.test("exports say what the lists say, whole, in every format", async (t) => {
  await using engine = await startTestClickHouse();
  const log = createMemoryLog();
  fill(log, events(), 20);
  await catchUp({
    events: log,
    client: engine.client,
    maxRows: 200,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: new AbortController().signal,
  });
  const queries = createQueries(engine.client);
  const streams = await openStreams({ path: engine.path });
  const exports = createExports(streams, queries);
  const [account] = ACCOUNTS;

  await t.step("embedded: filters, sort, order", () => same(exports, queries));

  await t.step("columns of senders' own fields", () => sameOwn(exports, queries));

  await t.step("by URL as well", async () => {
    await using front = serveHttp(engine.client);
    const client = await openClickHouse({ url: front.url });
    const overHttp = await openStreams({ url: front.url });
    const other = createExports(overHttp, createQueries(client));
    await same(other, createQueries(client));
    await sameOwn(other, createQueries(client));
    await client.close();
    await overHttp.close();
  });

  await t.step("the chosen columns, in their order; dates are dates, formulas text", async () => {
    const columns = ["sentAt", "subject", "opened", "replyCode"];
    for (const format of ["xls", "xlsx"] as const) {
      const book = XLSX.read(
        await read(exports.messages(account, {}, { columns, sort: "sentAt" }), format),
        { dense: true },
      );
      const [head, ...body] = book.Sheets["messages"]!["!data"]!;
      assert.deepEqual(head!.map(({ v }) => v), columns);
      const items = await listed(queries, account, {}, "sentAt");
      assert.equal(body.length, items.length);
      for (const [i, row] of body.entries()) {
        assert.equal(Math.round((Number(row[0]!.v) - 25569) * 86_400_000), items[i]!.sentAt);
        assert.equal(row[2]!.v, items[i]!.opened);
        assert.equal(row[3]?.v ?? null, items[i]!.reply?.code ?? null);
      }
    }
    assert.throws(
      () => exports.messages(account, {}, { columns: ["password"] }),
      (error) => error instanceof UnknownColumnError && /there are id, sender/.test(error.message),
    );
    assert.throws(() => exports.messages(account, {}, { sort: "d.account" }), BadQueryError);
  });

  await t.step("suppressions, figures and events", async () => {
    const grid = exports.suppressions(account, { reason: ["manual"] }, {});
    const { items } = await queries.suppressions(account, { reason: ["manual"] }, { limit: 1000 });
    assert(items.length > 10);
    assert.deepEqual(
      (await rowsOf(grid)).map(({ recipient, note, by }) => [recipient, note, by]),
      items.map(({ recipient, note, by }) => [recipient, note, by]),
    );
    const csv = new TextDecoder().decode(await read(grid, "csv"));
    assert(csv.includes(`,"'=cmd|""/c calc""!A1",user:x,`), csv.slice(0, 200));

    const figures = await rowsOf(await exports.stats(account, { groupBy: "day" }));
    const stats = await queries.stats(account, { groupBy: "day" });
    assert.deepEqual(
      figures.map((row) => [row["day"], row["sent"], row["openRate"]]),
      stats.items.map(({ key, sent, rates }) => [key, sent, rates.open]),
    );

    const [message] = await listed(queries, account, {}, "sentAt");
    const detail = (await queries.message(account, message!.id))!;
    const told = await rowsOf((await exports.events(account, message!.id))!);
    assert.deepEqual(
      told.map(({ id }) => id),
      detail.recipients.flatMap((r) => r.events.map(({ id }) => id)),
    );
    const stranger = ACCOUNTS.find((other) => other !== account)!;
    assert.equal(await exports.events(stranger, message!.id), null);
  });

  await t.step("who goes away stops the query", async () => {
    const reading = streams.read(
      "SELECT number FROM numbers(100000000000) SETTINGS max_block_size = 1000",
      {},
      "JSONCompactEachRow",
    );
    const endless: Grid = {
      ...gridOf("endless", [{ name: "number", type: "number" }], []),
      lines: () => reading,
    };
    let rows = 0;
    for await (const _ of fileOf(endless, { format: "csv", onRows: (n) => rows = n })) {
      if (rows > 5000) break;
    }
    assert.equal(await running(engine.client), 0);
  });
});

Deno.test("what goes wrong while a file is written is thrown, not swallowed", async () => {
  const columns = [{ name: "a", type: "text" as const }];
  const lines = (text: string): Grid => ({
    ...gridOf("g", columns, []),
    async *lines() {
      yield new TextEncoder().encode(text);
    },
  });
  await assert.rejects(read(lines('["a"]\n["b'), "csv"), /end in the middle of one/);
  await assert.rejects(read(lines("Code: 159. Timeout\n"), "csv"), /JSON/);
  const many = { ...lines(""), total: () => Promise.resolve(65_536) };
  await assert.rejects(read(many, "xls"), (error) => {
    return error instanceof TooManyRowsError && /there are 65536/.test(error.message);
  });
});

async function running(client: { query: Awaited<ReturnType<typeof openClickHouse>>["query"] }) {
  const found = await client.query({
    query: "SELECT count() FROM system.processes WHERE query LIKE '%numbers(100000000000)%' " +
      "AND query NOT LIKE '%system.processes%'",
    format: "JSONCompactEachRow",
  });
  return Number((await found.json<[number]>())[0]![0]);
}

Deno.test("pieces of any size and kind come out whole", async () => {
  const rows = Array.from({ length: 20_000 }, (_, i) => `row ${i} ${"é".repeat(40)}`);
  const text = rows.map((row) => JSON.stringify([row]) + "\n").join("");
  const grid: Grid = {
    ...gridOf("g", [{ name: "a", type: "text" }], []),
    async *lines() {
      yield Buffer.from(text);
    },
  };
  assert(text.length > 1_000_000);
  assert.deepEqual((await rowsOf(grid)).map(({ a }) => a), rows);
  for (const format of ["xls", "xlsx"] as const) {
    const book = XLSX.read(await read(grid, format), { dense: true });
    const [, ...body] = book.Sheets["g"]!["!data"]!;
    assert.deepEqual(body.map(([cell]) => cell!.v), rows, format);
  }
});
