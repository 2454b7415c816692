import assert from "node:assert/strict";
import { gridOf } from "@chappe/analytics";
import { createMetrics } from "@chappe/src/runtime";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";
import { failingQueries } from "../test_queries.ts";

/** Messages with these subjects, as much as an export needs of them. */
function withMessages(console: ReturnType<typeof createTestConsole>, ...subjects: string[]) {
  console.data.messages["demo"] = subjects.map((subject, i) => ({
    id: `019e0000-0000-7000-8000-00000000000${i}`,
    sender: "a@example.com",
    subject,
    messageId: "m@example.com",
    size: 1,
    sentAt: 0,
    body: "b",
    files: [],
    references: {},
    recipients: [],
  }));
  return console;
}

interface Export {
  id: string;
  state: string;
  rowsDone: number;
  rowsTotal: number;
}

Deno.test("a list comes as a file, with the list's own parameters", async () => {
  const metrics = createMetrics();
  const console = withMessages(createTestConsole({ metrics }), "one", "=two");
  const filter = JSON.stringify({ field: "opened", operator: "eq", value: true });
  const query = new URLSearchParams({
    format: "csv",
    sort: "subject",
    status: "delivered,opened",
    columns: "subject,sentAt",
    filter,
  });
  const file = await send<string>(console, `GET /exports/messages?${query}`);
  assert.equal(file.status, 200);
  assert.match(file.headers.get("content-type")!, /^text\/csv/);
  assert.match(file.headers.get("content-disposition")!, /filename="messages.csv"/);
  assert.equal(file.body, "subject\r\none\r\n'=two\r\n");
  assert.deepEqual(console.asked.at(-1)!.question, {
    filter: {
      status: ["delivered", "opened"],
      where: { field: "opened", operator: "eq", value: true },
    },
    shown: { sort: "subject", columns: ["subject", "sentAt"] },
  });
  const counted = metrics.snapshot().map(({ name, labels, value }) => [name, labels, value]);
  assert.deepEqual(counted, [
    ["chappe_exports_total", { grid: "messages", format: "csv", outcome: "done" }, 1],
    ["chappe_export_rows_total", { grid: "messages", format: "csv" }, 2],
  ]);
});

Deno.test("what cannot be exported is said before a file begins", async () => {
  const console = createTestConsole();
  const wrong: [string, RegExp][] = [
    ["messages", /format/],
    ["messages?format=pdf", /format/],
    ["messages?format=csv&limit=5", /limit/],
    ["messages?format=csv&sort=nothing", /sort/],
    ["suppressions?format=csv&columns=recipient,password", /no column/],
    ["stats?format=csv", /groupBy/],
  ];
  for (const [path, said] of wrong) {
    const answer = problemIn(await send(console, `GET /exports/${path}`), 422);
    assert.match(JSON.stringify(answer), said, path);
  }
  problemIn(await send(console, "GET /exports/events?format=csv&message=none"), 404);
  const { detail } = problemIn(await send(console, "GET /exports/nothing?format=csv"), 404);
  assert.match(detail!, /a list of this name: messages, /);
  const messages = { name: "messages", columns: [], total: () => Promise.resolve(70_000) };
  const large = createTestConsole({
    exports: {
      ...failing(),
      messages: () => ({ ...gridOf("messages", [], []), ...messages }),
    },
  });
  const told = problemIn(await send(large, "GET /exports/messages?format=xls"), 422);
  assert.match(told.detail, /65535 rows.*there are 70000.*xlsx/);
  const down = createTestConsole({ exports: failing() });
  problemIn(await send(down, "GET /exports/stats?format=csv&groupBy=day"), 503);
});

Deno.test("progress: made, fetched, seen, stopped; by its own account only", async () => {
  const console = withMessages(createTestConsole(), ...Array.from({ length: 1200 }, String));
  const order = { grid: "messages", parameters: { format: "csv" } };
  const made = await send<Export>(console, "POST /exports", order, { key: KEYS.analyst });
  assert.equal(made.status, 201);
  const { id } = made.body;
  assert.equal(made.headers.get("location"), `/api/v1/exports/${id}`);
  assert.deepEqual([made.body.state, made.body.rowsTotal], ["ready", 1200]);
  problemIn(await send(console, `GET /exports/${id}`, undefined, { key: OTHER_KEY }), 404);
  problemIn(await send(console, `GET /exports/${id}/file`, undefined, { key: OTHER_KEY }), 404);
  problemIn(await send(console, `DELETE /exports/${id}`, undefined, { key: OTHER_KEY }), 404);

  const seen = async () => (await send<Export>(console, `GET /exports/${id}`)).body;
  const response = await console.api(`/exports/${id}/file`);
  const reader = response.body!.getReader();
  await reader.read();
  const during = await seen();
  assert.equal(during.state, "running");
  assert(during.rowsDone > 0 && during.rowsDone < 1200, String(during.rowsDone));
  problemIn(await send(console, `GET /exports/${id}/file`), 409);
  await reader.cancel();
  assert.equal((await seen()).state, "cancelled");

  const file = await send<string>(console, `GET /exports/${id}/file`);
  assert.equal(file.body.trimEnd().split("\n").length, 1201);
  assert.deepEqual([(await seen()).state, (await seen()).rowsDone], ["done", 1200]);

  const again = await console.api(`/exports/${id}/file`);
  const body = again.body!.getReader();
  await body.read();
  assert.equal((await send(console, `DELETE /exports/${id}`)).status, 204);
  await assert.rejects(async () => {
    while (!(await body.read()).done);
  }, /abort/i);
  problemIn(await send(console, `GET /exports/${id}`), 404);
});

Deno.test("no account takes all threads; a place is free again when a file is left", async () => {
  const console = withMessages(createTestConsole(), ...Array.from({ length: 1200 }, String));
  const open = () => console.api("/exports/messages?format=jsonl");
  const files = [await open(), await open(), await open()];
  const refused = await send(console, "GET /exports/messages?format=jsonl");
  problemIn(refused, 429);
  assert.equal(refused.headers.get("retry-after"), "10");
  const head = await console.api("/exports/messages?format=jsonl", { method: "HEAD" });
  assert.equal(head.status, 200);
  for (const file of files) await file.body!.cancel();
  assert.equal((await send(console, "GET /exports/messages?format=csv")).status, 200);
});

Deno.test("only the last fifty exports of an account are remembered, and for an hour", async () => {
  const console = withMessages(createTestConsole(), "a");
  const order = { grid: "messages", parameters: { format: "csv" } };
  const make = async () => (await send<Export>(console, "POST /exports", order)).body.id;
  const ids: string[] = [];
  for (let i = 0; i < 51; i++) ids.push(await make());
  problemIn(await send(console, `GET /exports/${ids[0]}`), 404);
  assert.equal((await send(console, `GET /exports/${ids[50]}`)).status, 200);
  console.clock.now += 3_600_001;
  await make();
  problemIn(await send(console, `GET /exports/${ids[50]}`), 404);
});

/** ClickHouse is away. */
function failing() {
  const { stats } = failingQueries(new Error("away"));
  const fail = () => stats("", {}) as Promise<never>;
  const grid = () => ({ ...gridOf("g", [], []), total: fail });
  const lists = { messages: grid, groups: grid, hits: grid, suppressions: grid };
  const figures = { stats: fail, series: fail, bounces: fail, technical: fail };
  return { ...lists, ...figures, reactions: fail, sendingHours: fail, events: fail };
}
