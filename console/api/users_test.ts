import assert from "node:assert/strict";
import { verifyPassword } from "@chappe/src/settings";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";

const eve = { email: "Eve@Example.com", name: "Eve", role: "analyst" };

Deno.test("a user is invited with a password that is shown once, changed and removed", async () => {
  const console = createTestConsole();
  const invited = await send<Record<string, string>>(console, "POST /users", eve);
  assert.equal(invited.status, 201);
  assert.equal(invited.headers.get("location"), "/api/v1/users/eve%40example.com");
  const password = invited.body["password"]!;
  const hash = () => console.log.settings.now.users.get("eve@example.com")!.hash;
  assert(await verifyPassword(password, hash()));
  assert(!JSON.stringify(console.log.commits).includes(password));

  const change = { role: "operator", password: "correct horse battery" };
  const changed = await send(console, "PATCH /users/eve%40example.com", change);
  assert.equal(changed.body["role"], "operator");
  assert(await verifyPassword(change.password, hash()));
  assert(!JSON.stringify([changed.body, console.log.commits]).includes(change.password));

  const list = await send<{ items: { email: string }[] }>(console, "GET /users");
  assert.deepEqual(list.body.items.map((u) => u.email), ["demo@example.com", "eve@example.com"]);
  assert(!JSON.stringify(list.body).includes("argon2"));
  assert.equal((await send(console, "DELETE /users/eve@example.com")).status, 204);
  problemIn(await send(console, "DELETE /users/eve@example.com"), 404);
});

Deno.test("a user that is taken, malformed, or another account's is refused", async () => {
  const console = createTestConsole();
  problemIn(await send(console, "POST /users", { ...eve, email: "other@example.com" }), 409);
  problemIn(await send(console, "POST /users", { ...eve, email: "eve" }), 422);
  problemIn(await send(console, "PATCH /users/other@example.com", { role: "analyst" }), 404);
  problemIn(await send(console, "DELETE /users/other@example.com"), 404);
  const wrong = { ...eve, role: "king", password: "chosen by somebody else" };
  const problem = problemIn(await send(console, "POST /users", wrong), 422);
  assert.deepEqual(problem.errors?.map((e) => e.pointer).sort(), ["/password", "/role"]);
  const short = await send(console, "PATCH /users/demo@example.com", { password: "short" });
  assert.equal(problemIn(short, 422).errors?.[0]?.pointer, "/password");
});

Deno.test("an account keeps an owner", async () => {
  const console = createTestConsole();
  const path = "/users/demo@example.com";
  assert.match(problemIn(await send(console, `DELETE ${path}`), 403).detail, /last owner/);
  problemIn(await send(console, `PATCH ${path}`, { role: "analyst" }), 403);
});
