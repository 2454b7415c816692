import assert from "node:assert/strict";
import { statements } from "./statements.ts";

Deno.test("statements end at semicolons, but not at those in texts, names and comments", () => {
  const script = `
    -- first; not here
    SELECT ';', 'it''s; \\'; ', ";\\"", \`a;b\` /* nor; 'here */ FROM t;
    ;
    SELECT 2 - -1, 4 / 2 -- last; one`;
  assert.deepEqual(statements(script).map((s) => s.replace(/\s+/g, " ")), [
    `SELECT ';', 'it''s; \\'; ', ";\\"", \`a;b\` FROM t`,
    "SELECT 2 - -1, 4 / 2",
  ]);
});

Deno.test("nothing but comments is no statement", () => {
  assert.deepEqual(statements("-- a\n/* b; */ ;\n"), []);
});
