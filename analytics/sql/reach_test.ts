import assert from "node:assert/strict";
import { systemTableIn } from "./reach.ts";

Deno.test("tables of the engine are found under any spelling; texts and other names are not", () => {
  const found = [
    ["SELECT * FROM system.tables", "system.tables"],
    ["SELECT * FROM `system`.`query_log`", "system.query_log"],
    ['SELECT * FROM "SYSTEM"."tables"', "system.tables"],
    ["SELECT 'it''s', name FROM INFORMATION_SCHEMA.columns", "information_schema.columns"],
    [
      "SELECT 1 WHERE 1 IN (SELECT 1 FROM system.one UNION ALL SELECT 2 FROM system.parts)",
      "system.parts",
    ],
  ] as const;
  for (const [statement, table] of found) assert.equal(systemTableIn(statement), table, statement);
  const free = [
    "SELECT 'system.tables' AS x",
    "SELECT name FROM system.functions",
    "SELECT system FROM hits",
    "SELECT subsystem.name FROM hits AS subsystem",
    "SELECT h.system FROM hits AS h",
  ];
  for (const statement of free) assert.equal(systemTableIn(statement), null, statement);
});
