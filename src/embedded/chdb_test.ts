import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { openClickHouse, whyNotLoaded } from "./chdb.ts";
import { EmbeddedError } from "./errors.ts";
import { startTestClickHouse } from "./test_clickhouse.ts";

Deno.test("the embedded engine answers, takes raw rows, and keeps them over a restart", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client, path } = clickhouse;
  assert.deepEqual(await client.ping({ select: true }), { success: true });
  await client.command({ query: "CREATE TABLE t (a UInt8, b String) ENGINE MergeTree ORDER BY a" });
  const { stream } = await client.exec({
    query: "INSERT INTO t SETTINGS async_insert = 0 FORMAT TabSeparated",
    values: Readable.from(["1\tx; DROP TABLE t; '\n", "2\té\n"]),
  });
  for await (const _ of stream);
  await client.close();
  assert.equal((await client.ping({ select: true })).success, false);
  await assert.rejects(client.query({ query: "SELECT 1" }), /engine is closed/);

  const again = await openClickHouse({ path });
  const result = await again.query({
    query: "SELECT b FROM t ORDER BY a",
    format: "JSONCompactEachRow",
  });
  assert.deepEqual(await result.json(), [["x; DROP TABLE t; '"], ["é"]]);
  await again.close();
});

Deno.test("queries run side by side, with their own values; more than there are connections wait", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const counting = "SELECT toUInt8(countIf(query LIKE 'SELECT CAST%')) FROM system.processes";
  let done = false;
  const running = Promise.all([0, 1, 2].map(async (i) => {
    const result = await client.query({
      query: "SELECT {i:Int64} AS i, {text:String} AS text, sleepEachRow(3) AS slept",
      query_params: { i, text: `'; -- ${i}` },
      format: "JSONEachRow",
    });
    return await result.json();
  })).finally(() => done = true);
  let most = 0;
  while (most < 3 && !done) {
    const result = await client.query({ query: counting, format: "JSONCompactEachRow" });
    most = Math.max(most, (await result.json<[number]>())[0]![0]);
  }
  assert.equal(most, 3);
  const row = (i: number) => [{ i, text: `'; -- ${i}`, slept: 0 }];
  assert.deepEqual(await running, [0, 1, 2].map(row));

  const many = Array.from({ length: 50 }, async (_, i) => {
    const query = "SELECT {i:Int64} AS i";
    const result = await client.query({ query, query_params: { i }, format: "JSONEachRow" });
    return await result.json<{ i: number }>();
  });
  assert.deepEqual((await Promise.all(many)).flat().map(({ i }) => i), [...many.keys()]);
});

Deno.test("a query runs on as many threads as it may", async () => {
  await using clickhouse = await startTestClickHouse();
  const result = await clickhouse.client.query({
    query: "EXPLAIN PIPELINE SELECT sum(number) FROM numbers_mt(10000000) SETTINGS max_threads = 2",
    format: "TabSeparated",
  });
  assert.match(await result.text(), /AggregatingTransform × 2/);
});

Deno.test("more values than the engine parses as text are bound", async () => {
  await using clickhouse = await startTestClickHouse();
  const values = Array.from({ length: 60_000 }, (_, i) => `${i}'`);
  const result = await clickhouse.client.query({
    query: "SELECT length({values:Array(String)}) AS n, {values:Array(String)}[-1] AS last",
    query_params: { values },
    format: "JSONEachRow",
  });
  assert.deepEqual(await result.json(), [{ n: 60000, last: "59999'" }]);
});

Deno.test("a second client of the same directory runs beside the first; another directory is refused", async () => {
  await using clickhouse = await startTestClickHouse();
  const { path } = clickhouse;
  const second = await openClickHouse({ path });
  assert.deepEqual(await second.ping({ select: true }), { success: true });
  await second.close();
  assert.deepEqual(await clickhouse.client.ping({ select: true }), { success: true });
  await assert.rejects(
    openClickHouse({ path: `${path}-other` }),
    (error) => error instanceof EmbeddedError && /one directory per process/.test(error.message),
  );
  await Deno.remove(`${path}-other`);
});

Deno.test("a directory in use by another process, or that cannot be made, is said so", async () => {
  const path = await Deno.makeTempDir();
  const module = new URL("./chdb.ts", import.meta.url).href;
  const code = `const { openClickHouse } = await import("${module}");
    await openClickHouse({ path: "${path}" }); console.log("open"); setInterval(() => {}, 1000);`;
  const other = new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  await other.stdout.getReader().read();
  await assert.rejects(openClickHouse({ path }), /in use by another process/);
  other.kill("SIGKILL");
  await other.status;

  await Deno.writeTextFile(`${path}/file`, "");
  await assert.rejects(openClickHouse({ path: `${path}/file/x` }), (error) => {
    return error instanceof EmbeddedError &&
      /cannot be opened \(Not a directory/.test(error.message);
  });
  await Deno.remove(path, { recursive: true });
});

Deno.test("where the engine has no package, the message says what to do", () => {
  const message = whyNotLoaded(new Error("chdb: no native binding for plan9-x64"));
  assert.match(message, /no native binding for plan9-x64/);
  assert.match(message, /CHAPPE_CLICKHOUSE_URL/);
});

Deno.test("a server that is away does not answer the ping, without a throw", async () => {
  const client = await openClickHouse({ url: "http://127.0.0.1:1" });
  assert.equal((await client.ping({ select: true })).success, false);
  await client.close();
});
