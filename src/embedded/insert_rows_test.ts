import assert from "node:assert/strict";
import { insertRows } from "./insert_rows.ts";
import { startTestClickHouse } from "./test_clickhouse.ts";

const encode = (text: string) => [new TextEncoder().encode(text)];

Deno.test("the embedded engine takes written rows as they are, with their settings", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  await client.command({
    query: "CREATE TABLE t (a UInt8, b String, c UInt8) ENGINE MergeTree ORDER BY a " +
      "SETTINGS non_replicated_deduplication_window = 100",
  });
  const rows = {
    table: "default.t",
    columns: ["b", "a"],
    pieces: [...encode("x; DROP TABLE t; '\t1\né\\t"), ...encode("\\\\ 🚀\t2\n")],
    settings: { insert_deduplicate: 1, insert_deduplication_token: "1-2" },
  };
  await insertRows(client, rows);
  await insertRows(client, rows); // the same token
  await insertRows(client, { ...rows, pieces: encode("") });
  const result = await client.query({
    query: "SELECT * FROM t ORDER BY a",
    format: "JSONCompactEachRow",
  });
  assert.deepEqual(await result.json(), [[1, "x; DROP TABLE t; '", 0], [2, "é\t\\ 🚀", 0]]);
  await assert.rejects(
    insertRows(client, { ...rows, pieces: encode("x\tno number\n") }),
    /Code: 27/,
  );
  await assert.rejects(insertRows(client, { ...rows, table: "default.gone" }), /Code: 60/);
});
