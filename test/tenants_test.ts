/** Whatever the API offers, one account finds nothing of another's: walked from its own description. */
import assert from "node:assert/strict";
import { createExports } from "../analytics/mod.ts";
import { loaded } from "../analytics/testing/loaded.ts";
import { traffic } from "../analytics/testing/traffic.ts";
import { send } from "../console/test_api.ts";
import { createTestConsole, type TestConsole } from "../console/test_console.ts";
import { KEYS, OTHER_KEY } from "../console/test_ports.ts";
import { openStreams, startTestClickHouse } from "../src/embedded/mod.ts";
import { derivedId, type Event } from "../src/events/mod.ts";

const LISTED = "nobody@demo-shop.example";
const START = Date.UTC(2026, 10, 20);
const EVENTS: Event[] = [...traffic(3, 60, START), {
  id: derivedId(LISTED),
  type: "suppression.added",
  v: 1,
  account: "demo",
  at: START,
  recorded: START,
  recipient: LISTED,
  data: { reason: "manual", source: "api" },
}];
const MESSAGE = EVENTS.find(({ type, account, campaign }) =>
  type === "message.accepted" && account === "demo" && campaign === "spring"
)!;

/** Valid bodies of what changes something that a path names. */
const BODIES: Readonly<Record<string, unknown>> = {
  "PATCH /users/{email}": { role: "owner" },
  "POST /addresses/{address}/pause": {},
  "POST /domains/{domain}/check": undefined,
  "POST /domains/{domain}/rotate": undefined,
};
/** They say nothing about whether somebody has such a thing: nobody's recipient is tracked alike. */
const FOR_ANYBODY = new Set(["GET /consents/{recipient}", "PUT /consents/{recipient}"]);

/** Something of `demo` for each name in a path. */
async function belongings(console: TestConsole): Promise<Record<string, string>> {
  const made = async (request: string, body: unknown, key?: string) => {
    const answer = await send<Record<string, string>>(console, request, body, key ? { key } : {});
    assert(answer.status < 300, `${request}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await made("POST /credentials", { login: "demo-shop" });
  await made("POST /domains", { domain: "demo-shop.example" });
  await made(`PUT /consents/${LISTED}`, { tracking: false });
  await made("POST /users", { email: "ann@demo-shop.example", name: "Ann", role: "analyst" });
  const { key } = await made("POST /api-keys", { name: "demo-shop", role: "analyst" });
  await made("POST /pools", { pool: "demo-gold", owner: "demo" }, KEYS.platform);
  const address = { address: "192.0.2.77", ehlo: "demo-shop.example.com", pool: "demo-gold" };
  await made("POST /addresses", address, KEYS.platform);
  await made("PUT /accounts/demo/pools", { pools: ["demo-gold"] }, KEYS.platform);
  return {
    id: MESSAGE.message!,
    campaign: "spring",
    login: "demo-shop",
    domain: "demo-shop.example",
    recipient: LISTED,
    email: "ann@demo-shop.example",
    key: key!,
    address: "192.0.2.77",
    sender: "demo-shop.example",
    export: "01990000-0000-7000-8000-000000000001",
  };
}

interface Operation {
  request: string;
  method: string;
  path: string;
  platform: boolean;
  /** Names of its parameters. */
  parameters: string[];
}

async function operations({ app }: TestConsole): Promise<Operation[]> {
  const document = await (await app.request("/api/v1/openapi.json")).json() as {
    paths: Record<string, Record<string, { description: string; parameters?: { name: string }[] }>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([name, { description, parameters = [] }]) => {
      const method = name.toUpperCase();
      const platform = description.includes("platform");
      const names = parameters.map(({ name }) => name);
      return { request: `${method} ${path}`, method, path, platform, parameters: names };
    })
  );
}

Deno.test("what is one account's is not there for another, on every route", async (t) => {
  await using clickhouse = await startTestClickHouse();
  const queries = await loaded(clickhouse.client, EVENTS);
  const streams = await openStreams({ path: clickhouse.path });
  const console = createTestConsole({ queries, exports: createExports(streams, queries) });
  const own = await belongings(console);
  const all = await operations(console);
  assert(all.length > 60);
  const named = (path: string) =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = path.startsWith("/campaigns/") ? own["campaign"] : own[name];
      assert(value !== undefined, `nothing to put into ${path}`);
      return encodeURIComponent(value);
    });
  const ofAccount = all.filter(({ platform }) => !platform);

  await t.step("by its name", async () => {
    let asked = 0;
    for (const { request, method, path } of ofAccount) {
      if (!path.includes("{") || FOR_ANYBODY.has(request)) continue;
      const reads = method === "GET" || method === "DELETE";
      assert(reads || request in BODIES, `no body for ${request}`);
      const { status, body } = await send<object>(
        console,
        `${method} ${named(path)}`,
        reads ? undefined : BODIES[request],
        { key: OTHER_KEY },
      );
      assert.equal(status, 404, `${request}: ${JSON.stringify(body)}`);
      asked++;
    }
    assert(asked > 15);
  });

  await t.step("in any question that names a message", async () => {
    let asked = 0;
    for (const { request, path, parameters } of ofAccount) {
      if (!parameters.includes("message")) continue;
      const groups = path === "/exports/stats" ? "&groupBy=day" : "";
      const format = parameters.includes("format") ? "&format=csv" : "";
      const question = `GET ${path}?message=${MESSAGE.message}${format}${groups}`;
      assert.equal((await send(console, question)).status, 200, request);
      const theirs = await send(console, question, undefined, { key: OTHER_KEY });
      assert.equal(theirs.status, 404, request);
      asked++;
    }
    assert(asked > 15);
  });

  await t.step("in any list", async () => {
    const given = /demo-shop|demo-gold|192\.0\.2\.77|spring|autumn/;
    for (const { request, method, path } of ofAccount) {
      if (method !== "GET" || path.includes("{")) continue;
      const mine = await send<unknown>(console, `GET ${path}`);
      const theirs = await send<unknown>(console, `GET ${path}`, undefined, { key: OTHER_KEY });
      assert.equal(theirs.status, mine.status, request);
      const text = JSON.stringify(theirs.body);
      assert.doesNotMatch(text, given, request);
      assert(!text.includes(MESSAGE.message!), request);
    }
    for (const path of ["/messages/search", "/messages/groups"]) {
      const body = path === "/messages/groups" ? { groupBy: "campaign" } : {};
      const mine = await send<{ items: unknown[] }>(console, `POST ${path}`, body);
      assert(mine.body.items.length > 0);
      const theirs = await send<unknown>(console, `POST ${path}`, body, { key: OTHER_KEY });
      assert.deepEqual(theirs.body, { items: [], next: null });
    }
  });

  await t.step("and is still there for its own", async () => {
    for (const { request, method, path } of ofAccount) {
      if (method !== "GET" || !path.includes("{") || path.includes("/exports/")) continue;
      if (/source|senders/.test(path)) continue;
      const { status } = await send(console, `GET ${named(path)}`);
      assert.equal(status, 200, request);
    }
  });
  await streams.close();
});
