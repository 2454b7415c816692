import assert from "node:assert/strict";
import { verifyPassword } from "@chappe/src/settings";
import { event, uuidv7 } from "@chappe/src/events";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole, type TestConsole } from "../test_console.ts";
import { NOW } from "../test_data.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

type Item = Record<string, string | null>;
const list = async (console: TestConsole, path: string, headers = {}) =>
  (await send<{ items: Item[] }>(console, `GET ${path}`, undefined, headers)).body.items;

async function use(
  console: TestConsole,
  account: string,
  kind: "credential" | "user",
  name: string,
) {
  const data = { kind, name, ip: "192.0.2.9" } as const;
  await console.log.append([
    event("access.used", { id: uuidv7(NOW), account, at: NOW - 5000 }, data),
  ]);
}

Deno.test("a login's password is shown once and stored as a hash", async () => {
  const console = createTestConsole();
  const issued = await send<Item>(console, "POST /credentials", { login: "shop@acme" });
  assert.equal(issued.status, 201);
  assert.equal(issued.headers.get("location"), "/api/v1/credentials/shop%40acme");
  const { hash } = console.log.settings.now.credentials.get("shop@acme")!;
  assert(await verifyPassword(issued.body["password"]!, hash));
  const seen = JSON.stringify([await list(console, "/credentials"), console.log.commits]);
  assert(!seen.includes(issued.body["password"]!));
  assert(!JSON.stringify(await list(console, "/credentials")).includes("argon2"));
});

Deno.test("a login without a name gets one; the same request again makes no second", async () => {
  const console = createTestConsole();
  const key = { "idempotency-key": "deploy 7" };
  const first = await send<Item>(console, "POST /credentials", {}, key);
  assert.match(first.body["login"]!, /^demo-\w{12}$/);
  problemIn(await send(console, "POST /credentials", {}, key), 409);
  const other = await send<Item>(console, "POST /credentials", {}, { ...key, key: OTHER_KEY });
  assert.equal(other.status, 201, "keys of different accounts have nothing to do with each other");
  const logins = (await list(console, "/credentials")).map(({ login }) => login);
  assert.deepEqual(logins, ["demo", first.body["login"]]);
});

Deno.test("lists tell when and from where something was last used", async () => {
  const console = createTestConsole();
  assert.deepEqual(await list(console, "/credentials"), [{
    login: "demo",
    createdAt: new Date(NOW).toISOString(),
    lastUsedAt: null,
    lastUsedIp: null,
  }]);
  await use(console, "demo", "credential", "demo");
  await use(console, "other", "credential", "other");
  await use(console, "demo", "user", "demo@example.com");
  const used = { lastUsedAt: new Date(NOW - 5000).toISOString(), lastUsedIp: "192.0.2.9" };
  const [login] = await list(console, "/credentials");
  assert.deepEqual({ ...login, ...used }, login);
  const [user] = await list(console, "/users");
  assert.deepEqual({ ...user, ...used }, user);
  assert.equal((await list(console, "/api-keys"))[0]!["lastUsedAt"], null);
});

Deno.test("a revoked login and key are gone; another account's are not there", async () => {
  const console = createTestConsole();
  problemIn(await send(console, "DELETE /credentials/other"), 404);
  problemIn(await send(console, "DELETE /api-keys/k2"), 404);
  assert.equal((await send(console, "DELETE /credentials/demo")).status, 204);
  problemIn(await send(console, "DELETE /credentials/demo"), 404);
  assert.deepEqual(await list(console, "/credentials"), []);

  assert.equal((await send(console, `DELETE /api-keys/${KEYS.analyst}`)).status, 204);
  problemIn(await send(console, "GET /account", undefined, { key: KEYS.analyst }), 401);
  assert.equal((await send(console, "GET /account", undefined, { key: OTHER_KEY })).status, 200);
});

Deno.test("a login that is taken, whoever has it, or malformed is refused", async () => {
  const console = createTestConsole();
  problemIn(await send(console, "POST /credentials", { login: "other" }), 409);
  problemIn(await send(console, "POST /credentials", { login: "a b" }), 422);
  problemIn(await send(console, "POST /credentials", { login: 7 }), 422);
});

Deno.test("a key's secret is shown once, works at once, and is stored as a digest", async () => {
  const console = createTestConsole();
  const issued = await send<Item>(console, "POST /api-keys", { name: "ci", role: "operator" });
  assert.equal(issued.status, 201);
  const key = issued.body["apiKey"]!;
  assert.equal(issued.headers.get("location"), `/api/v1/api-keys/${issued.body["key"]}`);
  assert.equal((await send(console, "GET /account", undefined, { key })).status, 200);
  const refused = await send(console, "PATCH /account", {}, { key });
  assert.match(problemIn(refused, 403).detail, /needs the role owner; this API key is operator/);
  const seen = JSON.stringify([await list(console, "/api-keys"), console.log.commits]);
  assert(!seen.includes(key));
  const { digest: _, ...shown } = issued.body;
  assert.deepEqual(
    (await list(console, "/api-keys")).at(-1),
    {
      key: shown["key"],
      name: "ci",
      role: "operator",
      createdAt: shown["createdAt"],
      lastUsedAt: null,
      lastUsedIp: null,
    },
  );
});

Deno.test("a key that the same request has made is not made twice", async () => {
  const console = createTestConsole();
  const again = { "idempotency-key": "one" };
  const body = { name: "ci", role: "analyst" };
  assert.equal((await send(console, "POST /api-keys", body, again)).status, 201);
  problemIn(await send(console, "POST /api-keys", body, again), 409);
  const other = { "idempotency-key": "two" };
  assert.equal((await send(console, "POST /api-keys", body, other)).status, 201);
  const malformed = { "idempotency-key": "x".repeat(256) };
  const problem = problemIn(await send(console, "POST /api-keys", body, malformed), 422);
  assert.equal(problem.errors?.[0]?.parameter, "Idempotency-Key");
});
