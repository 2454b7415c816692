import assert from "node:assert/strict";
import {
  createEmbeddedSql,
  DEFAULT_DATABASE,
  embeddedUsers,
  migrate,
  SQL_LIMITS,
  SqlError,
} from "@chappe/analytics";
import { openConnections, startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: unknown[][];
}

Deno.test("SQL over HTTP, on the real engine: own rows, formats, problems, audit", async () => {
  const users = embeddedUsers(DEFAULT_DATABASE, SQL_LIMITS);
  await using engine = await startTestClickHouse({ users });
  await migrate(engine.client);
  for (const account of ["demo", "other"]) {
    await engine.client.command({
      query: "INSERT INTO chappe.deliveries (account, day, message, rcpt, status_key, sent_at, " +
        `recipient, subject) VALUES ('${account}', '2026-11-01', generateUUIDv4(), 0, ` +
        `${3 * 2 ** 43 + 1}, '2026-11-01 10:00:00', 'a@${account}.example', 'line\n"one"')`,
    });
  }
  await engine.client.command({
    query: "INSERT INTO chappe.facts (account, type, recorded, data) VALUES " +
      "('demo', 'settings.user-invited', now(), '{\"hash\":\"secret\"}'), " +
      "('demo', 'message.rejected', now(), '{}'), ('other', 'message.rejected', now(), '{}')",
  });
  const metrics = createMetrics();
  const logged: Record<string, unknown>[] = [];
  const logger = {
    ...SILENT,
    info: (event: string, fields = {}) => logged.push({ event, ...fields }),
  };
  const connections = await openConnections({ path: engine.path, users });
  const console = createTestConsole({ sql: createEmbeddedSql(connections), metrics, logger });
  const ask = (body: unknown, key: string = KEYS.analyst) =>
    send<SqlAnswer>(console, "POST /sql", body, { key });

  const query = "SELECT recipient, subject, status, count() OVER () AS n FROM messages";
  const { body, headers } = await ask({ query });
  assert.match(headers.get("content-type")!, /application\/json/);
  assert.deepEqual(body, {
    columns: [
      { name: "recipient", type: "String" },
      { name: "subject", type: "String" },
      { name: "status", type: "String" },
      { name: "n", type: "UInt64" },
    ],
    rows: [["a@demo.example", 'line\n"one"', "delivered", 1]],
  });
  assert.deepEqual((await ask({ query }, OTHER_KEY)).body.rows[0]![0], "a@other.example");
  const platform = await send<SqlAnswer>(
    console,
    "POST /accounts/other/sql",
    { query },
    { key: KEYS.platform },
  );
  assert.equal(platform.body.rows[0]![0], "a@other.example");
  const told = await ask({ query: "SELECT toString(type) AS type, data FROM events" });
  assert.deepEqual(told.body.rows, [["message.rejected", "{}"]], "nothing of settings");
  assert.deepEqual((await ask({ query: "SELECT 1 AS a WHERE 0" })).body, {
    columns: [{ name: "a", type: "UInt8" }],
    rows: [],
  });
  const parameters = { s: "x'y", list: ["a", "b"] };
  const given = await ask({
    query: "SELECT {s:String} AS s, {list:Array(String)} AS l",
    parameters,
  });
  assert.deepEqual(given.body.rows, [["x'y", ["a", "b"]]]);
  const csv = await send<string>(console, "POST /sql", { query: "SELECT 1 AS a", format: "csv" });
  assert.equal(csv.body, '"a"\n1\n');

  problemIn(await ask({ query: "SELECT * FROM chappe.deliveries" }), 403);
  assert.match(problemIn(await ask({ query: "SELECT (1" }), 422).detail, /Syntax error/);
  assert.match(
    problemIn(await ask({ query: "SELECT 1; SELECT 2" }), 422).detail,
    /Multi-statements/,
  );
  assert.match(
    problemIn(await ask({ query: "SELECT number FROM numbers(1000000)" }), 422).detail,
    /larger than/,
  );
  for (const wrong of [{}, { query: "" }, { query: "SELECT 1", parameters: { "a-b": 1 } }]) {
    problemIn(await ask(wrong), 422);
  }
  const counted = metrics.snapshot().filter(({ name }) => name === "chappe_sql_queries_total")
    .map(({ labels, value }) => [labels["outcome"], value]);
  assert.deepEqual(Object.fromEntries(counted), { answered: 7, refused: 1, invalid: 2, limit: 1 });
  assert(logged.every(({ event, account, by }) => event === "sql" && account && by));
  assert(logged.some((line) => line["query"] === "SELECT * FROM chappe.deliveries"));
});

Deno.test("an engine that is away is told so; nobody has more than two queries at a time", async () => {
  problemIn(await send(createTestConsole(), "POST /sql", { query: "SELECT 1" }), 503);
  const waiting = Promise.withResolvers<Uint8Array>();
  const busy = createTestConsole({
    sql: { ask: () => waiting.promise, close: () => Promise.resolve() },
  });
  const asked = [1, 2].map(() => send(busy, "POST /sql", { query: "SELECT 1" }));
  await new Promise((resolve) => setTimeout(resolve, 0));
  problemIn(await send(busy, "POST /sql", { query: "SELECT 1" }), 429);
  waiting.reject(new SqlError("invalid", "no"));
  for (const answer of asked) problemIn(await answer, 422);
});
