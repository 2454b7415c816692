import assert from "node:assert/strict";
import { formatTag, recipientTag } from "@chappe/src/rules";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

Deno.test("consent is withdrawn and given again, for one recipient of one account", async () => {
  const console = createTestConsole();
  const path = "/consents/Ada%40b.example";
  const operator = { key: KEYS.operator };
  assert.equal((await send(console, `GET ${path}`)).body["tracking"], true);
  const withdrawn = await send(console, `PUT ${path}`, { tracking: false }, operator);
  assert.deepEqual(withdrawn.body, { recipient: "ada@b.example", tracking: false });
  assert.deepEqual((await send(console, `GET ${path}`)).body, withdrawn.body);
  const other = await send(console, `GET ${path}`, undefined, { key: OTHER_KEY });
  assert.equal(other.body["tracking"], true);

  const [fact] = console.log.of("consent");
  const secret = new TextEncoder().encode("thirty-two bytes of a secret key");
  assert.equal(fact?.type, "consent.withdrawn");
  assert.equal(fact?.by, "api-key:operator-key");
  assert.deepEqual(fact?.data, {
    tag: formatTag(recipientTag(secret, "demo", "ada@b.example")),
    source: "api",
  });
  assert.equal((await send(console, `PUT ${path}`, { tracking: true })).body["tracking"], true);
  assert.equal((await send(console, `GET ${path}`)).body["tracking"], true);
});

Deno.test("a choice that is none, and a recipient that is none, are refused", async () => {
  const console = createTestConsole();
  const problem = problemIn(await send(console, "PUT /consents/a@b.example", {}), 422);
  assert.equal(problem.errors?.[0]?.pointer, "/tracking");
  problemIn(await send(console, "PUT /consents/nobody", { tracking: false }), 422);
  problemIn(await send(console, "PUT /consents/a@b.example", { tracking: "no" }), 422);
  assert.equal(console.log.of("consent").length, 0);
});
