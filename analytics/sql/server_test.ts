import assert from "node:assert/strict";
import { openClickHouse, startTestClickHouse } from "@chappe/src/embedded";
import { migrate } from "../schema/migrate.ts";
import { createBuilder } from "../queries/compiler.ts";
import { RefusedError } from "@chappe/src/settings";
import { SqlError } from "./error.ts";
import { dropUser, userStatements, viewsOf, viewStatements } from "./grants.ts";
import { LIMITS } from "./limits.ts";
import { createServerSql } from "./server.ts";
import { createClickHouseUsers } from "./tool_users.ts";
import { identifier } from "./text.ts";

const ACCOUNT = "o'brien \\ `x`";

Deno.test("the engine's parser takes every statement, each as one, names and values whole", async () => {
  await using engine = await startTestClickHouse();
  const made = (cluster: string | null) => [
    ...viewStatements(createBuilder("chappe"), { database: "chappe", cluster }, ACCOUNT),
    ...userStatements(ACCOUNT, "grafana", "0".repeat(64), LIMITS, cluster),
    dropUser(ACCOUNT, "grafana", cluster),
  ];
  const statements = made(null);
  assert(statements.length > 15);
  for (const text of [...statements, ...made("many")]) {
    const read = await engine.client.query({
      query: "SELECT formatQuerySingleLine({text:String}) AS text",
      query_params: { text },
      format: "JSONEachRow",
    });
    const [{ text: written }] = await read.json() as [{ text: string }];
    assert(/o\\?'brien/.test(written), written);
    assert.equal(/ ON CLUSTER many\b/.test(written), !statements.includes(text), written);
  }
  // The views can be read, here by the one who may all.
  await migrate(engine.client);
  for (const statement of statements.filter((text) => / DATABASE | VIEW /.test(text))) {
    if (!/^CREATE/.test(statement)) continue;
    await engine.client.command({
      query: statement.replace(/DEFINER = .*? SQL SECURITY DEFINER/, ""),
    });
  }
  for (const view of ["messages", "hits", "events", "suppressions"]) {
    const read = await engine.client.query({
      query: `SELECT count() AS n FROM ${identifier(viewsOf(ACCOUNT))}.${view}`,
      format: "JSONEachRow",
    });
    assert.deepEqual(await read.json(), [{ n: 0 }]);
  }
});

/** What a server is told, and what it answers to it: a server with users is none that tests have. */
Deno.test("each account is asked as its own user, without settings that open anything", async () => {
  const heard: { user: string; query: string; url: URL }[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const url = new URL(request.url);
      const basic = request.headers.get("authorization")!.slice("Basic ".length);
      const query = (url.searchParams.get("query") ?? "") + await request.text();
      heard.push({ user: new TextDecoder().decode(Uint8Array.fromBase64(basic)), query, url });
      if (query.includes("formatQuerySingleLine")) {
        return new Response(`{"query":${JSON.stringify(url.searchParams.get("param_text"))}}\n`);
      }
      if (query.includes("chappe.facts\n") || query.includes("FROM chappe.facts)")) {
        const text = "Code: 497. DB::Exception: u: Not enough privileges. (ACCESS_DENIED)";
        return new Response(text, {
          status: 500,
          headers: { "X-ClickHouse-Exception-Code": "497" },
        });
      }
      return new Response('["a"]\n["UInt8"]\n[1]\n');
    },
  );
  const url = `http://chappe:secret@127.0.0.1:${server.addr.port}`;
  const client = await openClickHouse({ url });
  const sql = createServerSql({ client, url, secret: new Uint8Array(32).fill(1) });
  const ask = (account: string, query: string) =>
    sql.ask({ account, query, parameters: { p: 1 }, format: "json" }, new AbortController().signal);
  const text = new TextDecoder().decode(await ask("acme", "SELECT 1 AS a"));
  assert.equal(text, '["a"]\n["UInt8"]\n[1]\n');
  const asked = heard.at(-1)!;
  assert.match(asked.user, /^chappe_user_acme_console:[\w-]{43}$/);
  assert.match(asked.query, /^SELECT \* FROM \(SELECT 1 AS a\)/);
  assert.equal(asked.url.searchParams.get("database"), "chappe_sql_acme");
  assert.equal(asked.url.searchParams.get("param_p"), "1");
  assert(heard.some(({ user, query }) => user.startsWith("chappe:") && /ROW POLICY/.test(query)));

  const made = heard.length;
  await ask("acme", "SELECT 1 AS a");
  assert.equal(heard.length, made + 2, "users are made once");
  await ask("other", "SELECT 1 AS a");
  assert.match(heard.at(-1)!.user, /^chappe_user_other_console:/);
  assert.notEqual(heard.at(-1)!.user.split(":")[1], asked.user.split(":")[1]);
  await assert.rejects(
    ask("acme", "SELECT * FROM chappe.facts"),
    (error) => error instanceof SqlError && error.fault === "refused",
  );

  const users = createClickHouseUsers(client);
  const created = await users.create("acme", "grafana", "s3cret");
  assert.deepEqual(created, { user: "chappe_user_acme_grafana", database: "chappe_sql_acme" });
  const altered = heard.find(({ query }) => /^ALTER USER `chappe_user_acme_grafana`/.test(query))!;
  assert.match(altered.query, /readonly = 2 CONST, max_execution_time = 30 MIN 1 MAX 30/);
  assert(!heard.some(({ query }) => query.includes("s3cret")), "only its hash is sent");
  await users.revoke("acme", "grafana");
  assert.match(heard.at(-1)!.query, /^DROP USER IF EXISTS `chappe_user_acme_grafana`/);
  for (const name of ["console", "a_b", "", "x`; DROP USER y"]) {
    await assert.rejects(users.create("acme", name, "p"), RefusedError);
    await assert.rejects(users.revoke("acme", name), RefusedError);
  }
  await sql.close();
  await client.close();
  await server.shutdown();
});
