import assert from "node:assert/strict";
import { openConnections, startTestClickHouse } from "@chappe/src/embedded";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { createQueries } from "../queries/mod.ts";
import { DEFAULT_DATABASE } from "../schema/database.ts";
import { catchUp } from "../testing/catch_up.ts";
import { createMemoryLog, fill } from "../testing/memory_log.ts";
import { ACCOUNTS, traffic } from "../testing/traffic.ts";
import { createEmbeddedSql } from "./embedded.ts";
import { SqlError } from "./error.ts";
import { LIMITS } from "./limits.ts";
import type { SqlQuestion } from "./port.ts";
import { embeddedUsers } from "./users.ts";

const SMALL = { ...LIMITS, seconds: 2, memory: 200 * 2 ** 20, resultRows: 5000 };
const [OWN, OTHER] = ACCOUNTS;
const NEVER = new AbortController().signal;

interface Answer {
  names: string[];
  rows: unknown[][];
}

Deno.test("analysts' SQL on the real engine", async (t) => {
  await using engine = await startTestClickHouse({ users: embeddedUsers(DEFAULT_DATABASE, SMALL) });
  const users = embeddedUsers(DEFAULT_DATABASE, SMALL);
  const log = createMemoryLog();
  fill(log, traffic(5, 300, Date.UTC(2026, 9, 30)), 20);
  await catchUp({
    events: log,
    client: engine.client,
    maxRows: 500,
    maxWaitMs: 1,
    now: () => 0,
    logger: SILENT,
    metrics: createMetrics(),
    signal: NEVER,
  });
  const queries = createQueries(engine.client);
  const connections = await openConnections({ path: engine.path, users });
  const sql = createEmbeddedSql(connections, { limits: SMALL });

  async function text(query: string, more: Partial<SqlQuestion> = {}): Promise<string> {
    const question = { account: OWN, query, parameters: {}, format: "json" as const, ...more };
    return new TextDecoder().decode(await sql.ask(question, NEVER));
  }
  async function ask(query: string, more: Partial<SqlQuestion> = {}): Promise<Answer> {
    const [names, _types, ...rows] = (await text(query, more)).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
    return { names, rows };
  }
  const fault = (query: string, more: Partial<SqlQuestion> = {}) =>
    text(query, more).then(
      (answer) => assert.fail(`${query} answered ${answer.slice(0, 300)}`),
      (error) => {
        assert(error instanceof SqlError, `${query}: ${error}`);
        return error;
      },
    );
  const messages = async (account: string) =>
    (await queries.messages(account, {}, { limit: 10_000, sort: "sentAt" })).items;
  const own = await messages(OWN);
  const others = await messages(OTHER);
  assert(own.length > 50 && others.length > 50);

  await t.step("the views say what the API says, of the own account", async () => {
    for (const [account, items] of [[OWN, own], [OTHER, others]] as const) {
      const { names, rows } = await ask(
        "SELECT message, recipient, subject, status, toUnixTimestamp64Milli(sent_at) AS at, opened, " +
          "name, fields, fields['Ville'] AS city FROM messages ORDER BY sent_at, message, recipient_index",
        { account },
      );
      assert.deepEqual(
        names,
        ["message", "recipient", "subject", "status", "at", "opened", "name", "fields", "city"],
      );
      assert(items.some(({ fields }) => fields["Ville"]));
      assert.deepEqual(
        rows,
        items.map((m) => [
          ...[m.id, m.recipient, m.subject, m.status, m.sentAt, m.opened],
          ...[m.name ?? "", m.fields, m.fields["Ville"] ?? ""],
        ]),
      );
      const { total } = await queries.stats(account, {});
      const counted = await ask(
        "SELECT countIf(opened), countIf(clicked), countIf(delivered) FROM messages",
        { account },
      );
      assert.deepEqual(counted.rows, [[total.opened, total.clicked, total.delivered]]);
      const hits = await ask("SELECT uniqExact(message, recipient_index) AS n FROM hits", {
        account,
      });
      assert(Number(hits.rows[0]![0]) > 0);
    }
    assert.deepEqual((await ask("SELECT count() AS n FROM messages", { account: "nobody" })).rows, [
      [0],
    ]);
    const events = await ask("SELECT uniqExact(message) AS n FROM events WHERE type LIKE 'mess%'");
    assert.equal(events.rows[0]![0], new Set(own.map(({ id }) => id)).size);
  });

  await t.step("joins, subqueries, windows, CTEs, parameters, formats", async () => {
    const { rows } = await ask(
      "WITH opened AS (SELECT message FROM messages WHERE opened) " +
        "SELECT m.status, count() AS n, sum(count()) OVER () AS all FROM messages AS m " +
        "LEFT JOIN hits AS h ON h.message = m.message WHERE m.message NOT IN opened " +
        "GROUP BY m.status ORDER BY n DESC -- a comment",
    );
    assert(rows.length > 0);
    const given = await ask(
      "SELECT {s:String} AS s, {n:UInt8} AS n, {f:Float64} AS f, {b:Bool} AS b, {a:Array(String)} AS a",
      {
        parameters: {
          s: "it's \\ {x:String}; DROP TABLE chappe.facts",
          n: 7,
          f: 1.5,
          b: true,
          a: ["x'", "\\", "é"],
        },
      },
    );
    assert.deepEqual(given.rows, [[
      "it's \\ {x:String}; DROP TABLE chappe.facts",
      7,
      1.5,
      true,
      ["x'", "\\", "é"],
    ]]);
    assert.equal(await text("SELECT 1 AS a, 'x' AS b", { format: "csv" }), '"a","b"\n1,"x"\n');
    assert.equal(await text("SELECT 1 AS a", { format: "jsonl" }), '{"a":1}\n');
    const sorted = await ask("SELECT number FROM numbers(4000) ORDER BY number DESC");
    assert.deepEqual(sorted.rows.map(([n]) => n), Array.from({ length: 4000 }, (_, i) => 3999 - i));
    assert.match((await fault("SELECT {missing:String}")).message, /missing/);
  });

  /** Nothing of the other account may stand in any answer or message. */
  const secrets = [
    ...new Set(others.flatMap(({ id, recipient }) => [id, recipient])),
  ].filter((secret) => !own.some((m) => m.id === secret || m.recipient === secret));
  assert(secrets.length > 50);
  async function tells(query: string): Promise<string> {
    const said = await text(query).catch((error) => {
      assert(error instanceof SqlError, `${query}: ${error}`);
      return error.message;
    });
    for (const secret of secrets) assert(!said.includes(secret), `${query} tells ${secret}`);
    return said;
  }

  await t.step("tables, system tables, files and networks are out of reach", async () => {
    const refused = [
      "SELECT * FROM chappe.facts",
      "SELECT * FROM chappe.deliveries",
      "SELECT count() FROM chappe.hits",
      "SELECT 1 FROM messages UNION ALL SELECT 1 FROM chappe.facts",
      "SELECT (SELECT count() FROM chappe.facts)",
      "SELECT * FROM messages WHERE message IN (SELECT message FROM chappe.facts)",
      "SELECT * FROM messages AS m JOIN chappe.deliveries AS d ON d.message = m.message",
      "SELECT * FROM mergeTreeIndex('chappe', 'facts')",
      "SELECT * FROM mergeTreeProjection('chappe', 'facts', 'head')",
      "SELECT * FROM file('/etc/passwd', 'LineAsString')",
      "SELECT file('/etc/passwd') AS x",
      "SELECT p.* APPLY(file) FROM (SELECT '/etc/passwd' AS p) AS p",
      "SELECT COLUMNS('p') APPLY(x -> `file`(x)) FROM (SELECT '/etc/passwd' AS p)",
      "SELECT arrayMap(file, ['/etc/passwd']) AS x",
      "WITH x -> file(x) AS f SELECT f('/etc/passwd') AS y",
      "SELECT 'a''' AS `b'`, file('/etc/passwd') AS c",
      "SELECT formatRow('Template', 1) AS x SETTINGS format_template_row = '/etc/passwd'",
      "SELECT * FROM filesystem('/etc')",
      "SELECT * FROM `/etc/passwd`",
      "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
      "SELECT * FROM s3('http://127.0.0.1:1/b/k', 'CSV', 'a String')",
      "SELECT * FROM remote('127.0.0.1', 'chappe', 'facts')",
      "SELECT * FROM cluster('default', 'chappe', 'facts')",
      "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
      "SELECT * FROM postgresql('127.0.0.1:1', 'd', 't', 'u', 'p')",
      "SELECT * FROM sqlite('/tmp/x.db', 't')",
      "SELECT * FROM executable('id', 'TSV', 'a String')",
      "SELECT * FROM dictionary('d')",
      "SELECT dictGet('d', 'a', 1)",
      "SELECT * FROM merge('chappe', '.*')",
      "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT 1))",
      "SELECT * FROM (EXPLAIN SELECT * FROM messages)",
      "SELECT hasColumnInTable('chappe', 'facts', 'account')",
    ];
    for (const query of refused) await fault(query);
    const empty = ["processes", "query_log", "tables", "columns", "databases", "errors", "parts"];
    for (const table of [...empty, "settings", "users", "clusters", "stack_trace", "disks"]) {
      const { fault: kind, message } = await fault(`SELECT * FROM system.${table}`);
      assert.equal(kind, "refused");
      assert.match(message, /the engine's own; there are messages/);
      // Where no name tells, the engine itself shows nothing.
      const said = await tells(`SELECT * FROM merge('system', '^${table}$')`);
      assert(said.split("\n").filter((line) => line.startsWith("[")).length <= 2, said);
    }
    for (const table of ["tables", "columns", "schemata", "views"]) {
      assert.equal((await fault(`SELECT * FROM information_schema.${table}`)).fault, "refused");
      const said = await tells(`SELECT * FROM merge('information_schema', '^${table}$')`);
      assert(said.split("\n").filter((line) => line.startsWith("[")).length <= 2, said);
    }
  });

  await t.step("every table function there is tells nothing of others", async () => {
    const found = await engine.client.query({
      query: "SELECT name FROM system.table_functions ORDER BY name",
      format: "JSONCompactEachRow",
    });
    const names = (await found.json<[string]>()).map(([name]) => name);
    assert(names.length > 60);
    const shapes = [
      "",
      "chappe.facts",
      "'chappe', 'facts'",
      "chappe, facts",
      "(SELECT * FROM chappe.facts)",
      "'127.0.0.1', 'chappe', 'facts'",
      "'chappe', '.*'",
    ];
    for (const name of names) {
      // Endless by nature, and of nobody's data.
      if (/^(numbers|zeros|primes|generate|fuzz)/i.test(name)) continue;
      for (const shape of shapes) await tells(`SELECT * FROM ${name}(${shape}) LIMIT 10`);
    }
  });

  await t.step("no function that there is reads a file", async () => {
    const path = `${engine.path}/secret`;
    await Deno.writeTextFile(path, "TOPSECRET");
    const found = await engine.client.query({
      query: "SELECT name FROM system.functions WHERE NOT is_aggregate ORDER BY name",
      format: "JSONCompactEachRow",
    });
    const names = (await found.json<[string]>()).map(([name]) => name)
      .filter((name) => !/sleep/i.test(name));
    assert(names.length > 1000);
    for (const name of names) {
      const said = await text(`SELECT \`${name}\`('${path}') AS x`).catch((error) => String(error));
      assert(!said.includes("TOPSECRET"), name);
    }
  });

  await t.step("no message tells which accounts there are", async () => {
    const stranger = await fault("SELECT * FROM `other`.messages");
    assert(!/meant/.test(stranger.message), stranger.message);
  });

  await t.step("conditions are tried on own rows only, so errors tell nothing", async () => {
    for (const secret of secrets.slice(0, 3)) {
      const answered = await ask(
        `SELECT count() AS n FROM messages WHERE throwIf(recipient = '${secret}', 'seen') = 0`,
      );
      assert.equal(answered.rows[0]![0], own.length);
    }
    for (const view of ["messages", "events", "hits", "suppressions"]) {
      for (const column of ["recipient", "url", "data", "subject", "note"]) {
        await tells(`SELECT toUInt8(${column}) AS n FROM ${view}`);
        await tells(`SELECT 1 AS n FROM ${view} WHERE toUInt8(${column}) = 1`);
        await tells(`SELECT * FROM ${view} ORDER BY toUInt64(${column}) SETTINGS final = 0`);
      }
    }
  });

  await t.step("settings within the query open nothing", async () => {
    const tricks = [
      "readonly = 0",
      "log_comment = 'x'",
      "allow_introspection_functions = 1",
      "allow_experimental_eval_table_function = 1",
      "apply_row_policy_after_final = 0",
      "optimize_use_projections = 1",
      "use_query_cache = 1",
      "allow_experimental_analyzer = 0",
      "database = 'account:other'",
    ];
    for (const setting of tricks) {
      for (const view of ["messages", "events", "hits"]) {
        await tells(`SELECT * FROM ${view} SETTINGS ${setting}`);
        await tells(`SELECT * FROM (SELECT * FROM ${view} SETTINGS ${setting})`);
        await tells(`SELECT * FROM (SELECT * FROM chappe.facts SETTINGS ${setting})`);
      }
      await tells(`SELECT * FROM eval('SELECT * FROM chappe.facts') SETTINGS ${setting}`);
    }
    // What one account asked with a cache is not what the next is given.
    const cached = "SELECT * FROM (SELECT count() AS n FROM messages SETTINGS use_query_cache = 1)";
    const [one, two] = [await ask(cached), await ask(cached, { account: OTHER })];
    assert.deepEqual([one.rows, two.rows], [[[own.length]], [[others.length]]]);
  });

  await t.step("nothing but one SELECT is taken", async () => {
    const before = await messages(OWN);
    const statements = [
      "INSERT INTO chappe.facts (account) VALUES ('x')",
      "INSERT INTO FUNCTION file('/tmp/x', 'CSV') SELECT 1",
      "ALTER TABLE chappe.facts DELETE WHERE 1",
      "DROP TABLE chappe.facts",
      "TRUNCATE TABLE chappe.facts",
      "CREATE TABLE x (a UInt8) ENGINE = Memory",
      "CREATE USER x",
      "ATTACH TABLE x",
      "DETACH TABLE chappe.facts",
      "KILL QUERY WHERE 1",
      "SYSTEM SHUTDOWN",
      "SET readonly = 0",
      "USE chappe",
      "SHOW TABLES FROM chappe",
      "DESCRIBE TABLE chappe.facts",
      "EXPLAIN SELECT 1",
      "OPTIMIZE TABLE chappe.facts",
      "EXECUTE AS default SELECT 1",
      "BACKUP DATABASE chappe TO Disk('x', 'y')",
      "SELECT 1; DROP TABLE chappe.facts",
      "SELECT 1;; SELECT 2",
      "SELECT 1) UNION ALL (SELECT * FROM chappe.facts",
      "SELECT 1) WHERE 1 UNION ALL SELECT * FROM chappe.facts --",
      "SELECT 1 /* ) */ ) ; DROP TABLE chappe.facts --",
      "SELECT '\\') ; DROP TABLE chappe.facts --",
      "SELECT `\\`) ; DROP TABLE chappe.facts --",
      "SELECT $$) ; DROP TABLE chappe.facts --",
      "SELECT 1 INTO OUTFILE '/tmp/chappe-outfile'",
      "SELECT 1 FORMAT CSV",
      "-- nothing",
      "",
      "(((",
      "\u0000SELECT 1",
    ];
    for (const statement of statements) {
      const { fault: kind } = await fault(statement);
      assert.notEqual(kind, "limit", statement);
    }
    for (const statement of ["SHOW TABLES", "DESCRIBE TABLE hits", "SELECT 1 FORMAT CSV"]) {
      assert.match((await fault(statement)).message, /^a query is one SELECT/);
    }
    const misspelt = await fault("SELEC 1");
    assert.match(misspelt.message, /^Syntax error.*position 7/);
    assert(!/formatQuery|chappe_/.test(misspelt.message), misspelt.message);
    assert.match((await fault("SELECT * FROM message")).message, /'message'/);
    assert.deepEqual(await messages(OWN), before);
    await assert.rejects(Deno.stat("/tmp/chappe-outfile"), Deno.errors.NotFound);
    const oddities = [
      "SELECT 'a;b' AS x",
      "SELECT $$)$$ AS x",
      "SELECT '\\'' AS x, '--' AS y, '/*' AS z",
      "SELECT 1 AS `) x`",
    ];
    for (const query of oddities) assert.equal((await ask(query)).rows.length, 1, query);
  });

  await t.step("time, memory and results have an end, and it is told", async () => {
    const limits: [string, RegExp][] = [
      ["SELECT count() AS n FROM numbers(1000000000000)", /longer than/],
      ["SELECT (SELECT count() FROM numbers(1000000000000)) AS n", /longer than/],
      ["SELECT count() AS n FROM numbers(1000000000000) SETTINGS max_execution_time = 0", /longer/],
      ["SELECT sleep(3) AS n FROM numbers(100) SETTINGS max_block_size = 1", /longer than/],
      ["SELECT groupArray(number) AS n FROM numbers(1000000000)", /memory/],
      [
        "SELECT groupArray(number) AS n FROM numbers(1000000000) SETTINGS max_memory_usage = 0",
        /memory/,
      ],
      ["SELECT number AS n FROM numbers(100000)", /larger than/],
      ["SELECT repeat('x', 1000000) AS n FROM numbers(1000)", /memory|larger/],
      [
        "SELECT * FROM (SELECT number AS n FROM numbers(100000) SETTINGS max_result_rows = 0)",
        /larger/,
      ],
    ];
    for (const [query, said] of limits) {
      const error = await fault(query);
      assert.equal(error.fault, "limit", `${query}: ${error.message}`);
      assert.match(error.message, said, query);
    }
  });

  await t.step("a query nobody waits for is stopped", async () => {
    const stop = new AbortController();
    const question = {
      account: OWN,
      query: "SELECT count() AS n FROM numbers(900000000000)",
      parameters: {},
      format: "json" as const,
    };
    const patient = createEmbeddedSql(connections);
    const asked = patient.ask(question, stop.signal).then(() => null, (error) => error);
    const running = async () => {
      const found = await engine.client.query({
        query:
          "SELECT count() FROM system.processes WHERE match(Settings['log_comment'], '^[0-9a-f]{32}$')",
        format: "JSONCompactEachRow",
      });
      return Number((await found.json<[number]>())[0]![0]);
    };
    while (await running() === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    const error = await asked;
    assert(error instanceof SqlError && /stopped/.test(error.message), String(error));
    assert.equal(await running(), 0);
  });

  await t.step("nothing is left behind, and the platform itself reads on", async () => {
    const found = await engine.client.query({
      query: "SELECT count() FROM system.tables " +
        "WHERE database = 'chappe_scratch' OR match(database, '^[0-9a-f]{32}')",
      format: "JSONCompactEachRow",
    });
    assert.equal(Number((await found.json<[number]>())[0]![0]), 0);
    assert.equal((await messages(OTHER)).length, others.length);
  });
});
