import assert from "node:assert/strict";
import { BadFilterError, FILTER_LIMITS, readFilter } from "./filter.ts";

const read = (given: unknown) => readFilter(given, Date.parse);
const condition = { field: "recipient", operator: "contains", value: "wanadoo" } as const;

Deno.test("conditions and groups come through; times as ISO text or ms", () => {
  const filter = {
    and: [
      condition,
      { or: [{ field: "opened", operator: "eq", value: true }, { not: condition }] },
      { field: "replyCode", operator: "in", value: [550, 551] },
      { field: "campaign", operator: "isEmpty" },
      { field: "sentAt", operator: "between", value: [1, 2] },
    ],
  };
  assert.deepEqual(read(filter), filter);
  const at = { field: "statusAt", operator: "gte", value: "2026-11-22T05:00:00Z" };
  assert.deepEqual(read(at), { ...at, value: Date.UTC(2026, 10, 22, 5) });
});

Deno.test("what cannot be used is refused with its place and the reason", () => {
  const deep = (levels: number): unknown => levels === 0 ? condition : { not: deep(levels - 1) };
  const many = (n: number) => ({ or: Array.from({ length: n }, () => condition) });
  const refused: [unknown, string, RegExp][] = [
    [null, "", /expected an object/],
    [[condition], "", /expected an object/],
    ["1 = 1", "", /expected an object/],
    [{}, "field", /no such column; there are id/],
    [{ field: "toString", operator: "eq", value: "" }, "field", /no such column/],
    [{ field: ["id"], operator: "eq", value: "" }, "field", /no such column/],
    [{ ...condition, sql: "1" }, "sql", /unknown/],
    [{ ...condition, operator: "like" }, "operator", /one of eq, ne/],
    [{ ...condition, operator: "constructor" }, "operator", /one of eq, ne/],
    [{ ...condition, value: 1 }, "value", /a text/],
    [{ ...condition, value: ["a"] }, "value", /a text/],
    [{ ...condition, value: undefined }, "value", /a text/],
    [{ ...condition, operator: "isEmpty" }, "value", /takes none/],
    [{ field: "opened", operator: "eq", value: "true" }, "value", /true or false/],
    [{ field: "opened", operator: "gt", value: true }, "operator", /one of eq, ne$/],
    [{ field: "status", operator: "eq", value: "lost" }, "value", /one of pending/],
    [{ field: "status", operator: "eq", value: "__proto__" }, "value", /one of pending/],
    [{ field: "replyCode", operator: "eq", value: 1.5 }, "value", /whole number/],
    [{ field: "replyCode", operator: "eq", value: 2 ** 53 }, "value", /whole number/],
    [{ field: "sentAt", operator: "lt", value: "tomorrow" }, "value", /ISO 8601/],
    [{ field: "sentAt", operator: "between", value: [1] }, "value", /two values/],
    [{ field: "replyCode", operator: "in", value: 5 }, "value", /a list/],
    [{ field: "replyCode", operator: "in", value: [5, "6"] }, "value/1", /whole number/],
    [{ field: "replyCode", operator: "in", value: Array(1001).fill(5) }, "value", /more than 1000/],
    [{ and: [] }, "and", /at least one/],
    [{ and: condition }, "and", /a list/],
    [{ and: [condition], or: [condition] }, "or", /not beside and/],
    [{ and: [condition, { or: [{ not: 5 }] }] }, "and/1/or/0/not", /expected an object/],
    [{ ...condition, value: "x".repeat(20_001) }, "value", /characters in all/],
    [deep(FILTER_LIMITS.depth), "not/".repeat(FILTER_LIMITS.depth).slice(0, -1), /nested/],
    [many(101), "or", /more than 100 conditions/],
    [{ and: [many(60), many(60)] }, "and/1/or/40", /more than 100 conditions/],
  ];
  for (const [given, path, reason] of refused) {
    assert.throws(() => read(given), (error) => {
      assert(error instanceof BadFilterError);
      assert.equal(error.path.join("/"), path, JSON.stringify(given));
      assert.match(error.reason, reason);
      return true;
    });
  }
  assert.doesNotThrow(() => read(deep(FILTER_LIMITS.depth - 1)));
  assert.doesNotThrow(() => read(many(100)));
});
