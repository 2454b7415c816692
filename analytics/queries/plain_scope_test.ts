import assert from "node:assert/strict";
import type { Filter } from "./filter.ts";
import { plainScope } from "./plain_scope.ts";

const sent = (operator: string, value: unknown) => ({ field: "sentAt", operator, value }) as Filter;

Deno.test("a filter that says only when, and of which campaign, is a scope", () => {
  const none = { from: undefined, to: undefined, campaign: undefined };
  assert.deepEqual(plainScope({}), none);
  assert.deepEqual(plainScope({ attentions: { attention1: undefined }, status: undefined }), none);
  const cases: [Filter, object][] = [
    [sent("gte", 10), { from: 10 }],
    [sent("gt", 10), { from: 11 }],
    [sent("lt", 10), { to: 10 }],
    [sent("lte", 10), { to: 11 }],
    [sent("lte", Number.MAX_SAFE_INTEGER), { to: 8.64e15 }],
    [sent("between", [10, 20]), { from: 10, to: 21 }],
    [sent("eq", 10), { from: 10, to: 11 }],
    [{ and: [sent("gte", 10), { and: [sent("lt", 30), sent("gt", 5)] }] }, { from: 10, to: 30 }],
    [
      { and: [sent("gte", 10), { field: "campaign", operator: "eq", value: "" }] },
      { from: 10, campaign: "" },
    ],
  ];
  for (const [where, scope] of cases) {
    assert.deepEqual(plainScope({ where }), { ...none, ...scope }, JSON.stringify(where));
  }
  const both = plainScope({ from: 12, to: 20, where: sent("between", [10, 30]) });
  assert.deepEqual(both, { ...none, from: 12, to: 20 });
});

Deno.test("a filter that says more is none", () => {
  const more: Filter[] = [
    sent("ne", 10),
    sent("in", [10]),
    sent("isEmpty", undefined),
    { not: sent("gte", 10) },
    { or: [sent("gte", 10)] },
    { and: [sent("gte", 10), { field: "opened", operator: "eq", value: true }] },
    { field: "campaign", operator: "contains", value: "x" },
    {
      and: [
        { field: "campaign", operator: "eq", value: "a" },
        { field: "campaign", operator: "eq", value: "b" },
      ],
    },
  ];
  for (const where of more) assert.equal(plainScope({ where }), null, JSON.stringify(where));
  for (const filter of [{ status: [] }, { attentions: { attention2: "x" } }, { sender: "" }]) {
    assert.equal(plainScope(filter), null);
  }
});
