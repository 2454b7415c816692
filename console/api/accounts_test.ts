import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

const platform = { key: KEYS.platform };

Deno.test("an account tells and changes its own defaults, and nothing else", async () => {
  const console = createTestConsole();
  const before = (await send(console, "GET /account")).body;
  assert.deepEqual(before["limits"], {
    messagesPerHour: null,
    messagesPerDay: null,
    recipientsPerMessage: null,
    messageBytes: null,
  });
  const change = { tracking: { mode: "date-only" }, listUnsubscribe: "off", attachments: "link" };
  const changed = await send(console, "PATCH /account", change);
  assert.deepEqual(changed.body, {
    ...before,
    tracking: { mode: "date-only", opens: true, clicks: true },
    listUnsubscribe: "off",
    attachments: "link",
  });
  assert.deepEqual((await send(console, "GET /account")).body, changed.body);
  const [fact] = console.log.of("settings").slice(-1);
  assert.equal(fact?.by, "api-key:k1");
  assert.equal(fact?.account, "demo");
});

Deno.test("each wrong field of a body is named by its place", async () => {
  const console = createTestConsole();
  const commits = console.log.commits.length;
  const body = {
    name: "",
    limits: { messagesPerHour: 1 },
    tracking: { mode: "some", "a/b~c": 1 },
  };
  const problem = problemIn(await send(console, "PATCH /account", body), 422);
  assert.deepEqual(
    problem.errors?.map(({ pointer }) => pointer).sort(),
    ["/limits", "/name", "/tracking/a~1b~0c", "/tracking/mode"],
  );
  assert.equal(console.log.commits.length, commits);
});

Deno.test("a body of another type, no JSON, or too large is refused", async () => {
  const console = createTestConsole();
  const type = "content-type";
  const text = await send(console, "PATCH /account", "name=x", { [type]: "text/plain" });
  assert.match(problemIn(text, 415).detail, /application\/json, not text\/plain/);
  problemIn(await send(console, "PATCH /account"), 415);
  problemIn(await send(console, "PATCH /account", "{", { [type]: "application/json" }), 400);
  problemIn(await send(console, "PATCH /account", { name: "x".repeat(70_000) }), 413);
  problemIn(await send(console, "PATCH /account", []), 422);
  problemIn(await send(console, "PATCH /account?x=1", {}), 422);
});

Deno.test("the operator opens accounts; their login and key work, and are shown once", async () => {
  const console = createTestConsole();
  const opened = await send<Record<string, string>>(
    console,
    "POST /accounts",
    { id: "acme", name: "Acme", senders: ["acme.example"], limits: { messagesPerDay: 10 } },
    platform,
  );
  assert.equal(opened.status, 201);
  assert.equal(opened.headers.get("location"), "/api/v1/accounts/acme");
  const { apiKey, password, login, ...account } = opened.body;
  assert.equal(login, "acme");
  assert.deepEqual(
    (await send(console, "GET /account", undefined, { key: apiKey! })).body,
    (await send(console, "GET /accounts/acme", undefined, platform)).body,
  );
  assert.equal((account["limits"] as unknown as { messagesPerDay: number }).messagesPerDay, 10);
  const stored = JSON.stringify(console.log.commits);
  assert(!stored.includes(apiKey!) && !stored.includes(password!));
  assert.match(console.log.settings.now.credentials.get("acme")!.hash, /^\$argon2id\$/);
  assert.equal(console.log.of("settings").at(-1)?.by, "api-key:platform/platform-key");

  const list = await send<{ items: { id: string }[] }>(
    console,
    "GET /accounts",
    undefined,
    platform,
  );
  assert.deepEqual(list.body.items.map(({ id }) => id), ["demo", "other", "acme"]);
});

Deno.test("an account id that is taken or malformed is refused, and nothing is made", async () => {
  const console = createTestConsole();
  const commits = console.log.commits.length;
  problemIn(await send(console, "POST /accounts", { id: "demo" }, platform), 409);
  problemIn(await send(console, "POST /accounts", { id: "Ünfug" }, platform), 422);
  problemIn(await send(console, "POST /accounts", { id: "x", senders: ["?"] }, platform), 422);
  const limits = { messagesPerHour: 0, messageBytes: "many" };
  const problem = problemIn(
    await send(console, "PUT /accounts/demo/limits", limits, platform),
    422,
  );
  assert.deepEqual(problem.errors?.map((e) => e.pointer), ["/messagesPerHour", "/messageBytes"]);
  problemIn(await send(console, "PUT /accounts/nobody/limits", {}, platform), 404);
  assert.equal(console.log.commits.length, commits);
});

Deno.test("the operator sets limits, and takes them away; the account only sees them", async () => {
  const console = createTestConsole();
  const path = "PUT /accounts/other/limits";
  await send(console, path, { messagesPerHour: 100, messageBytes: 5 }, platform);
  await send(console, path, { messageBytes: null }, platform);
  const { body } = await send(console, "GET /account", undefined, { key: OTHER_KEY });
  assert.deepEqual(body["limits"], {
    messagesPerHour: 100,
    messagesPerDay: null,
    recipientsPerMessage: null,
    messageBytes: null,
  });
});

Deno.test("under /accounts/{account} the operator acts for that account, in their own name", async () => {
  const console = createTestConsole();
  const sender = { sender: "anything.example" };
  const made = await send(console, "POST /accounts/other/senders", sender, platform);
  assert.equal(made.status, 201);
  assert.equal(made.headers.get("location"), "/api/v1/accounts/other/senders/anything.example");
  const [fact] = console.log.of("settings").slice(-1);
  assert.deepEqual([fact?.account, fact?.by], ["other", "api-key:platform/platform-key"]);
  problemIn(await send(console, "GET /accounts/nobody/senders", undefined, platform), 404);
  problemIn(await send(console, "GET /accounts/other/senders"), 404);
});

Deno.test("the platform has no account of its own, but API keys", async () => {
  const console = createTestConsole();
  problemIn(await send(console, "GET /account", undefined, platform), 404);
  problemIn(await send(console, "POST /credentials", {}, platform), 404);
  const key = { name: "deploy", role: "owner" };
  const issued = await send<{ apiKey: string }>(console, "POST /api-keys", key, platform);
  assert.equal(issued.status, 201);
  const list = await send(console, "GET /accounts", undefined, { key: issued.body.apiKey });
  assert.equal(list.status, 200);
});
