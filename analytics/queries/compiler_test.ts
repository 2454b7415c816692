import assert from "node:assert/strict";
import fc from "fast-check";
import { sql } from "kysely";
import { startTestClickHouse } from "@chappe/src/embedded";
import { HOSTILE } from "../testing/traffic.ts";
import { ask } from "./ask.ts";
import { createBuilder, parameterType } from "./compiler.ts";

const db = createBuilder("chappe");

Deno.test("values become parameters with a type, never SQL text", () => {
  const { sql: text, parameters } = db.selectFrom("facts").select("id")
    .where("account", "=", "a'; DROP TABLE facts; --").where("rcpt", "in", [1, 2]).limit(3)
    .compile();
  assert.equal(
    text,
    'select "id" from "chappe"."facts" where "account" = {p0:String} and ' +
      '"rcpt" in ({p1:Int64}, {p2:Int64}) limit {p3:Int64}',
  );
  assert.deepEqual(parameters, ["a'; DROP TABLE facts; --", 1, 2, 3]);
});

Deno.test("names and literals are closed against backslashes and quotes", () => {
  const { sql: text } = sql`select ${sql.lit("a\\' b")} ${sql.ref('x\\" y')}`.compile(db);
  assert.equal(text, `select 'a\\\\'' b' "chappe"."x\\\\"" y"`.replace('"chappe".', ""));
});

Deno.test("types follow the value; what cannot be bound is refused", () => {
  const types: [unknown, string][] = [
    ["", "String"],
    [-1, "Int64"],
    [0.5, "Float64"],
    [true, "Bool"],
    [["a"], "Array(String)"],
    [[1, 2], "Array(Int64)"],
    [[], "Array(String)"],
    [[["a"]], "Array(Array(String))"],
  ];
  for (const [value, type] of types) assert.equal(parameterType(value), type);
  for (const value of [null, undefined, NaN, Infinity, 2 ** 53, ["a", 1], {}, new Date(0), 1n]) {
    assert.throws(() => parameterType(value), /cannot bind this value to a query/);
  }
});

Deno.test("whatever is bound comes back as it is", async () => {
  await using clickhouse = await startTestClickHouse();
  const { client } = clickhouse;
  const back = async <T extends string | number | boolean | string[]>(value: T) =>
    (await ask(client, { compile: () => sql<{ v: T }>`select ${value} as v`.compile(db) }))[0]!.v;

  for (const value of [...HOSTILE, "", "{p0:String}", "\\N", "NULL", "a\\", "'", "''", "\\'"]) {
    assert.equal(await back(value), value);
    assert.deepEqual(await back([value, "x"]), [value, "x"]);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary" }),
      async (value) => assert.equal(await back(value), value.toWellFormed()),
    ),
    { numRuns: 100 },
  );
  assert.equal(await back(2 ** 52 + 1), 2 ** 52 + 1);
  assert.equal(await back(-0.25), -0.25);
  assert.equal(await back(true), true);
});
