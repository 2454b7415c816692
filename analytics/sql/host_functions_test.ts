import assert from "node:assert/strict";
import { hostFunctionIn } from "./host_functions.ts";

Deno.test("names of functions that read files are found wherever they stand, texts passed over", () => {
  const found = [
    "SELECT file('/x')",
    "SELECT `file`('/x')",
    'SELECT "file"(1)',
    "SELECT * APPLY(file)",
    "SELECT arrayMap(file, ['a'])",
    "SELECT '\\'' AS x, file('a')",
    "SELECT '''' AS x, file('a')",
    "SELECT 1 AS `'`, file('a'), 1 AS `'`",
    "SELECT FormatRow('CSV', 1)",
  ];
  for (const statement of found) assert(hostFunctionIn(statement) !== null, statement);
  const free = [
    "SELECT 'file(1)' AS x",
    "SELECT 'it\\'s a file' AS x",
    "SELECT profile, file_name, files FROM x",
    "SELECT `my file` FROM x",
  ];
  for (const statement of free) assert.equal(hostFunctionIn(statement), null, statement);
});
