import assert from "node:assert/strict";
import { withLiterals } from "./literals.ts";

Deno.test("parameters become literals of their type, escaped", () => {
  const cases: [string, unknown, string][] = [
    ["{v:String}", "it's \\ \0\n", "'it\\'s \\\\ \\0\\n'"],
    ["{v:Int64}", -5, "CAST(-5, 'Int64')"],
    ["{v:Float64}", 0.5, "CAST(0.5, 'Float64')"],
    ["{v:Bool}", true, "CAST(true, 'Bool')"],
    ["{v:Array(String)}", ["a", "b'"], "CAST(['a','b\\''], 'Array(String)')"],
    ["{v:Array(String)}", [], "CAST([], 'Array(String)')"],
    ["{v:Array(Date)}", ["2026-11-01"], "CAST(['2026-11-01'], 'Array(Date)')"],
  ];
  for (const [sql, v, written] of cases) {
    assert.equal(withLiterals(`SELECT ${sql}, 1`, { v }), `SELECT ${written}, 1`);
  }
});

Deno.test("values are not looked into, nor are texts, names and comments", () => {
  assert.equal(
    withLiterals("SELECT {a:String}, {b:String}", { a: "{b:String}", b: "$& $1 ' --" }),
    "SELECT '{b:String}', '$& $1 \\' --'",
  );
  for (
    const sql of [
      "SELECT '{a:String}'",
      "SELECT '\\'{a:String}'",
      "SELECT '''{a:String}'",
      'SELECT "{a:String}", `{a:String}`',
      "SELECT 1 -- {a:String}",
      "SELECT /* {a:String} */ 1",
      "SELECT {unknown:String}",
      "SELECT {toString:String}",
    ]
  ) assert.equal(withLiterals(sql, { a: "x" }), sql);
});

Deno.test("what has no literal is refused", () => {
  for (const v of [null, undefined, NaN, Infinity, {}, 1n]) {
    assert.throws(() => withLiterals("{v:String}", { v }), /no literal of SQL for this value/);
  }
});
