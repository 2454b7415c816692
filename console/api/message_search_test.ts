import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { messageDetail } from "../test_data.ts";
import { KEYS } from "../test_ports.ts";

const wanadoo = { field: "recipient", operator: "endsWith", value: "@wanadoo.fr" } as const;
const opened = {
  field: "statusAt",
  operator: "between",
  value: ["2026-11-22T08:00:00Z", 1795337999999],
} as const;
const read = { ...opened, value: [Date.UTC(2026, 10, 22, 8), 1795337999999] };

Deno.test("a filter reaches the question, from a body and from a URL", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail()];
  const filter = { or: [wanadoo, { not: opened }] };
  const found = await send<{ items: { recipient: string }[] }>(
    console,
    "POST /messages/search",
    { filter, sort: "-domain", limit: 7, cursor: "0" },
    { key: KEYS.analyst },
  );
  assert.equal(found.status, 200);
  assert.deepEqual(found.body.items.map(({ recipient }) => recipient), ["you@example.net"]);
  const where = { or: [wanadoo, { not: read }] };
  const page = { sort: "-domain", limit: 7, cursor: "0" };
  assert.deepEqual(console.asked.pop(), { account: "demo", question: { filter: { where }, page } });

  const text = encodeURIComponent(JSON.stringify(filter));
  assert.equal((await send(console, `GET /messages?campaign=c&filter=${text}`)).status, 200);
  const { filter: asked } = console.asked.pop()!.question as { filter: unknown };
  assert.deepEqual(asked, { campaign: "c", where });
});

Deno.test("groups come with the filter that lists each", async () => {
  const console = createTestConsole();
  const where = { field: "domain", operator: "eq", value: "wanadoo.fr" } as const;
  console.data.groups = [{ key: "wanadoo.fr", count: 12, where }];
  const body = { filter: wanadoo, groupBy: "domain", timezone: "Europe/Paris" };
  const answer = await send(console, "POST /messages/groups", body);
  assert.deepEqual(answer.body, {
    items: [{ key: "wanadoo.fr", count: 12, filter: where }],
    next: null,
  });
  const page = { groupBy: "domain", timezone: "Europe/Paris", sort: "-count", limit: 50 };
  assert.deepEqual(console.asked[0]!.question, { filter: { where: wanadoo }, page });
});

Deno.test("what is wrong with a filter is told at its place", async () => {
  const console = createTestConsole();
  const pointers = async (body: unknown) =>
    problemIn(await send(console, "POST /messages/search", body), 422)
      .errors!.map(({ pointer }) => pointer);
  assert.deepEqual(await pointers({ filter: { and: [wanadoo, { ...wanadoo, value: 5 }] } }), [
    "/filter/and/1/value",
  ]);
  assert.deepEqual(await pointers({ filter: "recipient = 'x'" }), ["/filter"]);
  assert.deepEqual(await pointers({ sort: "headers" }), ["/sort"]);
  assert.deepEqual(await pointers({ where: {} }), ["/where"]);
  const large = { filter: { ...wanadoo, value: "x".repeat(70_000) } };
  problemIn(await send(console, "POST /messages/search", large), 413);
  for (const [text, reason] of [["{", /not JSON/], ['{"and":[]}', /filter\/and: expected/]]) {
    const answer = await send(console, `GET /messages?filter=${encodeURIComponent(String(text))}`);
    const { errors } = problemIn(answer, 422);
    assert.equal(errors![0]!.parameter, "filter");
    assert.match(errors![0]!.detail, reason as RegExp);
  }
  const ungrouped = await send(console, "POST /messages/groups", { groupBy: "weather" });
  assert.deepEqual(problemIn(ungrouped, 422).errors![0]!.pointer, "/groupBy");
});
