import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
import { statements } from "./statements.ts";
import { dropSchema, migrate, RebuildNeededError, SchemaError } from "./migrate.ts";

Deno.test("migrations are applied once, in order, and again after a half-way stop", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  assert.deepEqual(await migrate(client), [
    "0001_facts.sql",
    "0002_deliveries.sql",
    "0003_suppressions.sql",
    "0004_hits.sql",
    "0005_heads.sql",
    "0006_day_counts.sql",
    "0007_day_cells.sql",
    "0008_days_by_index.sql",
    "0009_small_blocks.sql",
    "0010_as_they_are.sql",
    "0011_own_fields.sql",
  ]);
  assert.deepEqual(await migrate(client), []);

  // Killed between the statements of a file and the note that it was applied.
  await client.command({
    query: "DELETE FROM chappe.migrations WHERE number = 3 SETTINGS mutations_sync = 1",
  });
  assert.deepEqual(await migrate(client), ["0003_suppressions.sql"]);

  assert.deepEqual((await migrate(client, { database: "other" })).length, 11);
  await dropSchema(client);
  assert.equal((await migrate(client)).length, 11);
});

Deno.test("what only the log can fill is not added to a projection that is there", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  await client.command({
    query: "DELETE FROM chappe.migrations WHERE number = 4 SETTINGS mutations_sync = 1",
  });
  await assert.rejects(migrate(client), (error) => {
    return error instanceof RebuildNeededError &&
      /0004_hits.sql needs it rebuilt/.test(error.message);
  });
});

Deno.test("a schema of a newer version is refused", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  await client.command({
    query: "INSERT INTO chappe.migrations (number, name) SELECT 900, '0900_later.sql'",
  });
  await assert.rejects(migrate(client), (error) => {
    return error instanceof SchemaError &&
      /has schema 900, this version knows up to/.test(error.message);
  });
});

Deno.test("a database name that is none is refused before it stands in SQL", async () => {
  await using clickhouse = await startTestClickHouse();
  await assert.rejects(
    migrate(clickhouse.client, { database: "a; DROP DATABASE b" }),
    /not a ClickHouse database name/,
  );
});

Deno.test("days that an older version folded are known, and are to be counted", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  for (
    const query of [
      "INSERT INTO chappe.deliveries (account, day, message) " +
      "SELECT 'demo', toDate('2026-11-01') + number % 3, generateUUIDv4() FROM numbers(9)",
      "DROP VIEW chappe.days_feed SYNC",
      "DROP TABLE chappe.days SYNC",
      "DROP TABLE chappe.day_cells SYNC",
      "DELETE FROM chappe.migrations WHERE number >= 6 SETTINGS mutations_sync = 1",
    ]
  ) await client.command({ query });
  assert.deepEqual(await migrate(client), [
    "0006_day_counts.sql",
    "0007_day_cells.sql",
    "0008_days_by_index.sql",
    "0009_small_blocks.sql",
    "0010_as_they_are.sql",
    "0011_own_fields.sql",
  ]);
  const result = await client.query({
    query: "SELECT toString(day), touched > counted FROM chappe.days FINAL ORDER BY day",
    format: "JSONCompactEachRow",
  });
  assert.deepEqual(await result.json(), [["2026-11-01", 1], ["2026-11-02", 1], ["2026-11-03", 1]]);
});

Deno.test("days that an older version counted by less are to be counted again", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  for (
    const query of [
      "INSERT INTO chappe.days SELECT 'demo', toDate('2026-11-01') + number % 2, 5, number FROM " +
      "numbers(9)",
      "DELETE FROM chappe.migrations WHERE number = 7 SETTINGS mutations_sync = 1",
    ]
  ) await client.command({ query });
  assert.deepEqual(await migrate(client), ["0007_day_cells.sql"]);
  const result = await client.query({
    query: "SELECT touched, counted FROM chappe.days FINAL ORDER BY day",
    format: "JSONCompactEachRow",
  });
  assert.deepEqual(await result.json(), [[5, 0], [5, 0]]);
});

Deno.test("copies folded before senders told fields have none, and those after have theirs", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await migrate(client);
  const before = await Deno.readTextFile(new URL("0004_hits.sql", import.meta.url));
  const feed = statements(before).at(-1)!.replaceAll("{database}", "chappe");
  const row = "toDate('2026-11-01') AS day, 'message.accepted' AS type";
  for (
    const query of [
      "DROP VIEW chappe.deliveries_feed SYNC",
      "ALTER TABLE chappe.deliveries DROP COLUMN name, DROP COLUMN fields",
      "ALTER TABLE chappe.facts DROP COLUMN name, DROP COLUMN fields",
      feed,
      `INSERT INTO chappe.facts (rcpt, day, type) SELECT 1 AS rcpt, ${row}`,
      "DELETE FROM chappe.migrations WHERE number = 11 SETTINGS mutations_sync = 1",
    ]
  ) await client.command({ query });
  assert.deepEqual(await migrate(client), ["0011_own_fields.sql"]);
  const fields = `'{"Ville": "Lyon"}' AS fields`;
  await client.command({
    query: `INSERT INTO chappe.facts (rcpt, day, type, name, fields)
      SELECT 2 AS rcpt, ${row}, 'Ann' AS name, ${fields}`,
  });
  const result = await client.query({
    query: "SELECT rcpt, name, fields FROM chappe.deliveries FINAL ORDER BY rcpt",
    format: "JSONCompactEachRow",
  });
  assert.deepEqual(await result.json(), [[1, "", {}], [2, "Ann", { Ville: "Lyon" }]]);
});
