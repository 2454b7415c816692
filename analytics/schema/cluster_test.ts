import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { clustered, distributed, readingDatabase } from "./cluster.ts";
import { dropSchema, migrate } from "./migrate.ts";

Deno.test("statements are told to the cluster, tables replicated; rows are left alone", () => {
  const told: [string, string][] = [
    ["CREATE DATABASE IF NOT EXISTS chappe", "CREATE DATABASE IF NOT EXISTS chappe ON CLUSTER c"],
    [
      "CREATE TABLE IF NOT EXISTS chappe.a (x Int8)\nENGINE = AggregatingMergeTree\nORDER BY x",
      "CREATE TABLE IF NOT EXISTS chappe.a ON CLUSTER c (x Int8)\n" +
      "ENGINE = ReplicatedAggregatingMergeTree\nORDER BY x",
    ],
    [
      "CREATE MATERIALIZED VIEW chappe.v TO chappe.a AS SELECT 1",
      "CREATE MATERIALIZED VIEW chappe.v ON CLUSTER c TO chappe.a AS SELECT 1",
    ],
    ["ALTER TABLE chappe.a REMOVE TTL", "ALTER TABLE chappe.a ON CLUSTER c REMOVE TTL"],
    ["DROP VIEW IF EXISTS chappe.v SYNC", "DROP VIEW IF EXISTS chappe.v ON CLUSTER c SYNC"],
    ["EXCHANGE TABLES a.x AND b.x", "EXCHANGE TABLES a.x AND b.x ON CLUSTER c"],
    ["INSERT INTO chappe.a SELECT 1", "INSERT INTO chappe.a SELECT 1"],
  ];
  for (const [statement, expected] of told) {
    assert.equal(clustered(statement, "c"), expected);
    assert.equal(clustered(statement, null), statement);
  }
  assert.throws(() => clustered("ALTER TABLE a.b REMOVE TTL", "c; DROP"), /not a ClickHouse/);
  assert.deepEqual([readingDatabase("a", null), readingDatabase("a", "c")], ["a", "a_all"]);
});

Deno.test("the engine takes every statement of the schema on a cluster", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const seen: string[] = [];
  // Asked to parse what would need a cluster to be run.
  const parsing = new Proxy(client, {
    get(target, name) {
      if (name !== "command") return Reflect.get(target, name).bind(target);
      return async ({ query }: { query: string }) => {
        seen.push(query);
        if (!/^\s*INSERT/.test(query)) await target.command({ query: `EXPLAIN AST ${query}` });
      };
    },
  });
  await migrate(client);
  await client.command({ query: "TRUNCATE TABLE chappe.migrations" });
  await migrate(parsing, { cluster: "many" });
  await dropSchema(parsing, { cluster: "many" });
  const made = seen.filter((query) => /^\s*(CREATE|ALTER|DROP)/.test(query));
  assert(made.length > 15);
  assert.deepEqual(made.filter((query) => !/ ON CLUSTER many\b/.test(query)), []);
  assert.deepEqual(made.filter((query) => /ENGINE = (?!Replicated|Distributed)/.test(query)), []);
  assert.equal(distributed("chappe", "many").filter((query) => seen.includes(query)).length, 8);
});
