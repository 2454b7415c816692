import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { NOW } from "../test_data.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

const platform = { key: KEYS.platform };
const other = { key: OTHER_KEY };
type Items = { items: Record<string, unknown>[] };

/** 192.0.2.1 in demo's own pool, 192.0.2.2 in the shared one; the surplus of demo goes there. */
async function withAddresses(): Promise<TestConsole> {
  const console = createTestConsole();
  const made = [
    await send(console, "POST /pools", { pool: "gold", owner: "demo" }, platform),
    await send(console, "POST /addresses", {
      address: "192.0.2.1",
      ehlo: "Gold.Example.com",
      pool: "gold",
    }, platform),
    await send(console, "POST /addresses", { address: "192.0.2.2", state: "warm" }, platform),
    await send(console, "PUT /accounts/demo/pools", { pools: ["gold"] }, platform),
  ];
  assert.deepEqual(made.map(({ status }) => status), [201, 201, 201, 200]);
  return console;
}

Deno.test("the operator adds, changes, pauses and removes an address", async () => {
  const console = await withAddresses();
  const ask = (request: string, body?: unknown) => send(console, request, body, platform);
  const before = (await ask("GET /addresses/192.0.2.1")).body;
  assert.deepEqual(before, {
    address: "192.0.2.1",
    ehlo: "gold.example.com",
    pool: "gold",
    calendar: "default",
    state: "warming",
    day: 1,
    dayCap: 50,
    pausedUntil: null,
    pausedBy: null,
    listed: [],
  });
  const { body: shared } = await ask("GET /addresses/192.0.2.2");
  assert.deepEqual([shared["ehlo"], shared["day"], shared["dayCap"]], [
    "mta.relay.example",
    null,
    null,
  ]);
  const changed = await ask("PATCH /addresses/192.0.2.1", { day: 3 });
  assert.deepEqual(changed.body, { ...before, day: 3, dayCap: 500 });
  const until = new Date(NOW + 3_600_000).toISOString();
  const paused = await ask("POST /addresses/192.0.2.1/pause", { until, reason: "a test" });
  assert.deepEqual(paused.body, {
    ...changed.body,
    state: "paused",
    pausedUntil: until,
    pausedBy: "by-hand",
  });
  const [fact] = console.log.of("address");
  assert.equal(fact?.by, "api-key:platform/platform-key");
  problemIn(await ask("PATCH /addresses/192.0.2.1", { state: "warm" }), 403);
  assert.deepEqual((await ask("POST /addresses/192.0.2.1/resume")).body, changed.body);
  assert.equal((await ask("DELETE /addresses/192.0.2.1")).status, 204);
  problemIn(await ask("GET /addresses/192.0.2.1"), 404);
});

Deno.test("what cannot be is refused by its place or in words", async () => {
  const console = await withAddresses();
  const table: [string, unknown, number, RegExp][] = [
    ["POST /addresses", { address: "192.0.2.1" }, 409, /already/],
    ["POST /addresses", { address: "192.0.2" }, 422, /not an IP address/],
    ["POST /addresses", { address: "192.0.2.9", pool: "red" }, 404, /no pool/],
    ["POST /addresses", { address: "192.0.2.9", state: "warm", day: 2 }, 422, /day is none of/],
    ["POST /addresses", { address: "192.0.2.9", colour: "red" }, 422, /colour/],
    ["PATCH /addresses/192.0.2.1", { day: 22 }, 422, /last day/],
    ["PATCH /addresses/192.0.2.77", { day: 2 }, 404, /no source address/],
    ["POST /addresses/192.0.2.1/pause", { until: "yesterday" }, 422, /ISO 8601/],
    ["POST /addresses/192.0.2.1/pause", { until: "2020-01-01" }, 422, /after now/],
    ["POST /pools", { pool: "gold" }, 409, /already/],
    ["POST /pools", { pool: "Gold!" }, 422, /no name/],
    ["POST /pools", { pool: "blue", owner: "nobody" }, 404, /no account/],
    ["PATCH /pools/shared", { owner: "demo" }, 403, /every account/],
    ["PUT /accounts/other/pools", { pools: ["gold"] }, 403, /another account/],
    ["PUT /accounts/demo/pools", { pools: [] }, 422, /pools/],
    ["PUT /accounts/nobody/pools", { pools: ["shared"] }, 404, /no such account/],
  ];
  for (const [request, body, status, detail] of table) {
    const problem = problemIn(await send(console, request, body, platform), status);
    assert.match(JSON.stringify(problem), detail, request);
  }
});

Deno.test("an account sees what serves it, and nothing of others", async () => {
  const console = await withAddresses();
  const addresses = async (headers: Record<string, string>) =>
    (await send<Items>(console, "GET /addresses", undefined, headers)).body.items
      .map(({ address }) => address);
  assert.deepEqual(await addresses({}), ["192.0.2.1", "192.0.2.2"]);
  assert.deepEqual(await addresses(other), ["192.0.2.2"]);
  assert.deepEqual(await addresses(platform), ["192.0.2.1", "192.0.2.2"]);
  const pools = async (request: string, headers: Record<string, string>) =>
    (await send<Items>(console, request, undefined, headers)).body.items
      .map(({ pool, use, accounts }) => [pool, use, accounts]);
  assert.deepEqual(await pools("GET /pools", {}), [
    ["gold", "pool", ["demo"]],
    ["shared", "overflow", ["demo"]],
  ]);
  assert.deepEqual(await pools("GET /pools", other), [["shared", "pool", ["other"]]]);
  assert.deepEqual(
    await pools("GET /accounts/demo/pools", platform),
    await pools("GET /pools", {}),
  );
  assert.deepEqual(await pools("GET /pools", platform), [
    ["shared", null, ["demo"]],
    ["gold", null, ["demo"]],
  ]);
  for (const what of ["", "/warmup", "/reputation"]) {
    problemIn(await send(console, `GET /addresses/192.0.2.1${what}`, undefined, other), 404);
  }
  for (const what of ["warmup", "reputation"]) {
    problemIn(await send(console, `GET /addresses/192.0.2.2/${what}`), 403);
    assert.equal((await send(console, `GET /addresses/192.0.2.1/${what}`)).status, 200);
  }
});

Deno.test("a pool changes hands when it serves nobody else", async () => {
  const console = await withAddresses();
  const give = (owner: string | null) => send(console, "PATCH /pools/gold", { owner }, platform);
  problemIn(await give("other"), 403);
  assert.deepEqual((await give(null)).body, {
    pool: "gold",
    kind: "shared",
    owner: null,
    addresses: ["192.0.2.1"],
    use: null,
    accounts: ["demo"],
  });
});

Deno.test("calendars are seen by all and defined by the operator", async () => {
  const console = createTestConsole();
  const slow = { days: [10, 20], increment: 5, lastDay: 9, providers: { google: 0.5 } };
  const made = await send(console, "PUT /calendars/slow", slow, platform);
  assert.deepEqual(made.body, { calendar: "slow", ...slow });
  const { body } = await send<Items>(console, "GET /calendars");
  assert.deepEqual(body.items.map(({ calendar }) => calendar), ["default", "slow"]);
  assert.deepEqual(body.items[1], made.body);
  const falling = { ...slow, days: [20, 10] };
  problemIn(await send(console, "PUT /calendars/slow", falling, platform), 422);
  problemIn(await send(console, "PUT /calendars/slow", { ...slow, lastDay: 0 }, platform), 422);
});
