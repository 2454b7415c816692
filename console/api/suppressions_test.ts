import assert from "node:assert/strict";
import { LogUnavailableError } from "@chappe/src/log";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { NOW } from "../test_data.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";
import { failingQueries } from "../test_queries.ts";
import { createTestLog } from "../test_log.ts";

interface Item {
  recipient: string;
  reason: string;
  note: string | null;
}
const operator = { key: KEYS.operator };

Deno.test("a recipient is put on the list, read back at once, and taken off, all in one's name", async () => {
  const console = createTestConsole();
  const { log } = console;
  const body = { recipient: "Ada@München.example", reason: "complaint", note: "by phone" };
  const added = await send(console, "POST /suppressions", body, operator);
  assert.equal(added.status, 201);
  const path = "/suppressions/ada%40xn--mnchen-3ya.example";
  assert.equal(added.headers.get("location"), `/api/v1${path}`);
  assert.deepEqual(added.body, {
    recipient: "ada@xn--mnchen-3ya.example",
    reason: "complaint",
    source: "api",
    note: "by phone",
    by: "api-key:operator-key",
    addedAt: new Date(NOW).toISOString(),
    message: null,
  });
  assert.deepEqual((await send(console, `GET ${path}`)).body, added.body);
  assert.deepEqual((await send(console, "GET /suppressions")).body["items"], [added.body]);

  assert.equal((await send(console, `DELETE ${path}`, undefined, operator)).status, 204);
  assert.deepEqual(log.of("suppression").at(-1)?.data, { by: "api-key:operator-key" });
  problemIn(await send(console, `GET ${path}`), 404);
  problemIn(await send(console, `DELETE ${path}`), 404);
});

Deno.test("words that are no reason of ours become the note of one by hand", async () => {
  const console = createTestConsole();
  const add = async (body: object) =>
    (await send<Item>(console, "POST /suppressions", { recipient: "a@b.example", ...body })).body;
  const seen = ({ reason, note }: Item) => [reason, note];
  assert.deepEqual(seen(await add({})), ["manual", null]);
  assert.deepEqual(seen(await add({ reason: "left us" })), ["manual", "left us"]);
  assert.deepEqual(seen(await add({ reason: "left us", note: "x" })), ["manual", "left us: x"]);
  assert.deepEqual(seen(await add({ reason: "unsubscribe", note: "x" })), ["unsubscribe", "x"]);
});

Deno.test("another account's list is another list", async () => {
  const console = createTestConsole();
  await send(console, "POST /suppressions", { recipient: "a@b.example" });
  const other = { key: OTHER_KEY };
  problemIn(await send(console, "GET /suppressions/a@b.example", undefined, other), 404);
  problemIn(await send(console, "DELETE /suppressions/a@b.example", undefined, other), 404);
  assert.deepEqual((await send(console, "GET /suppressions", undefined, other)).body["items"], []);
  assert.equal(console.log.of("suppression").length, 1);
});

Deno.test("what is no recipient, or no filter, is refused by name", async () => {
  const console = createTestConsole();
  for (const recipient of ["", "a", "a@b", "a@b.example, c@d.example", "a\nb@c.example"]) {
    problemIn(await send(console, "POST /suppressions", { recipient }), 422);
  }
  const problem = problemIn(await send(console, "POST /suppressions", { reason: "" }), 422);
  assert.deepEqual(problem.errors?.map((e) => e.pointer), ["/recipient", "/reason"]);
  for (const query of ["reason=dislike", "sort=note", "limit=0", "from=now", "colour=red"]) {
    const [parameter] = query.split("=");
    const refused = problemIn(await send(console, `GET /suppressions?${query}`), 422);
    assert.equal(refused.errors?.[0]?.parameter, parameter);
  }
  assert.equal(console.log.of("suppression").length, 0);
});

Deno.test("every filter reaches the question", async () => {
  const console = createTestConsole();
  const filter = "recipient=b&reason=manual,import&source=api&from=2026-11-01&to=2026-11-02";
  await send(console, `GET /suppressions?${filter}&sort=recipient&limit=7&cursor=x`);
  const asked = {
    recipient: "b",
    reason: ["manual", "import"],
    source: "api",
    from: Date.parse("2026-11-01T00:00:00Z"),
    to: Date.parse("2026-11-02T00:00:00Z"),
  };
  const page = { sort: "recipient", limit: 7, cursor: "x" };
  assert.deepEqual(console.asked, [{ account: "demo", question: { filter: asked, page } }]);
  await send(console, `GET /suppressions/export?${filter}`);
  assert.deepEqual(console.asked[1], { account: "demo", question: asked });
});

Deno.test("the same request again is the same fact", async () => {
  const console = createTestConsole();
  const keyed = { "idempotency-key": "ticket 12" };
  const body = { recipient: "a@b.example" };
  for (let times = 0; times < 2; times++) {
    assert.equal((await send(console, "POST /suppressions", body, keyed)).status, 201);
  }
  await send(console, "POST /suppressions", body);
  await send(console, "POST /suppressions", { recipient: "c@b.example" }, keyed);
  const ids = console.log.of("suppression").map(({ id }) => id);
  assert.equal(ids.length, 4);
  assert.equal(new Set(ids).size, 3);
});

Deno.test("without ClickHouse adding goes on; without the log nothing is said to be done", async () => {
  const away = createTestConsole({ queries: failingQueries(new Error("10.1.2.3 is away")) });
  const body = { recipient: "a@b.example" };
  assert.equal((await send(away, "POST /suppressions", body)).status, 201);
  for (const path of ["", "/a@b.example", "/export"]) {
    const problem = problemIn(await send(away, `GET /suppressions${path}`), 503);
    assert.doesNotMatch(problem.detail, /10\.1/);
  }
  const gone = () => Promise.reject(new LogUnavailableError("10.1.2.3 is away"));
  const events = { ...createTestLog(NOW), append: gone, appendExpecting: gone };
  const console = createTestConsole({ events });
  assert.doesNotMatch(problemIn(await send(console, "POST /suppressions", body), 503).detail, /10/);
});
