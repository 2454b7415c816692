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

Deno.test("recipients' own fields are columns to filter, sort, group and export by", async () => {
  const console = createTestConsole();
  console.data.messages["demo"] = [messageDetail({ name: "Ann", fields: { "a,b": "Lyon" } })];
  const sort = '-fields.it\'s "R,S" 🚀';
  const filter = { field: "fields.Ville", operator: "contains", value: "LYON" };
  const asked = () => console.asked.at(-1)!.question as Record<string, Record<string, unknown>>;
  const json = encodeURIComponent(JSON.stringify(filter));
  const path = `sort=${encodeURIComponent(sort)}&filter=${json}`;
  const list = await send<{ items: unknown[] }>(console, `GET /messages?${path}`);
  const [item] = list.body.items as { name: string; fields: object }[];
  assert.deepEqual([item!.name, item!.fields], ["Ann", { "a,b": "Lyon" }]);
  assert.deepEqual([asked()["filter"]!["where"], asked()["page"]!["sort"]], [filter, sort]);
  const id = messageDetail().id;
  for (const place of [`messages/${id}`, "campaigns/spring"]) {
    assert.equal((await send(console, `GET /${place}/recipients?${path}`)).status, 200);
    assert.equal(asked()["page"]!["sort"], sort);
  }
  await send(console, "POST /messages/groups", { groupBy: "fields.Ville", filter });
  assert.equal(asked()["page"]!["groupBy"], "fields.Ville");
  const columns = encodeURIComponent('name,"fields.a,b","fields.c""d",fields.e"f');
  const longest = `fields.${"🚀".repeat(64)}`;
  await send(console, `GET /exports/messages?format=csv&columns=${columns}&columns=${longest}`);
  assert.deepEqual(asked()["shown"]!["columns"], [
    ...["name", "fields.a,b", 'fields.c"d', 'fields.e"f', longest],
  ]);

  console.data.ownFields = [{ name: "Ville", copies: 3 }];
  for (
    const [place, scope] of [[`messages/${id}`, { message: id }], ["campaigns/spring", {
      campaign: "spring",
    }]]
  ) {
    const answer = await send(console, `GET /${place}/fields`, undefined, { key: KEYS.analyst });
    assert.deepEqual(answer.body, { items: [{ name: "Ville", copies: 3 }] });
    assert.deepEqual(console.asked.at(-1), { account: "demo", question: scope });
  }
  problemIn(
    await send(console, `GET /messages/${messageDetail().id.replace("9", "8")}/fields`),
    404,
  );
});

Deno.test("what is called like no field is no column", async () => {
  const console = createTestConsole();
  for (const name of ["fields", "fields.", "Fields.a", `fields.${"x".repeat(65)}`, "fields.a\n"]) {
    const sort = encodeURIComponent(name);
    const [error] = problemIn(await send(console, `GET /messages?sort=${sort}`), 422).errors!;
    assert.deepEqual([error!.parameter, /fields\.<name>/.test(error!.detail)], ["sort", true]);
    const groups = await send(console, "POST /messages/groups", { groupBy: name });
    assert.equal(problemIn(groups, 422).errors![0]!.pointer, "/groupBy");
    const filter = { field: name, operator: "eq", value: "x" };
    const search = await send(console, "POST /messages/search", { filter });
    assert.equal(problemIn(search, 422).errors![0]!.pointer, "/filter/field");
  }
});
