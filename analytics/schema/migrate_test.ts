import assert from "node:assert/strict";
import { startTestClickHouse } from "@chappe/src/embedded";
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
  ]);
  assert.deepEqual(await migrate(client), []);

  // Killed between the statements of a file and the note that it was applied.
  await client.command({
    query: "DELETE FROM chappe.migrations WHERE number = 3 SETTINGS mutations_sync = 1",
  });
  assert.deepEqual(await migrate(client), ["0003_suppressions.sql"]);

  assert.deepEqual((await migrate(client, { database: "other" })).length, 5);
  await dropSchema(client);
  assert.equal((await migrate(client)).length, 5);
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
