import assert from "node:assert/strict";
import { createTestConsole } from "../test_console.ts";
import { KEYS } from "../test_ports.ts";

/** The least role for each operation; `platform`: only the operator of the installation. */
const TABLE: Record<string, "analyst" | "operator" | "owner" | "platform"> = {
  "GET /messages": "analyst",
  "POST /messages": "operator",
  "POST /messages/search": "analyst",
  "POST /messages/groups": "analyst",
  "GET /messages/{id}": "analyst",
  "GET /messages/{id}/source": "analyst",
  "GET /messages/{id}/why": "analyst",
  "GET /messages/{id}/recipients": "analyst",
  "GET /messages/{id}/heatmap": "analyst",
  "GET /messages/{id}/fields": "analyst",
  "GET /campaigns/{id}/recipients": "analyst",
  "GET /campaigns/{id}/heatmap": "analyst",
  "GET /campaigns/{id}/fields": "analyst",
  "GET /hits": "analyst",
  "GET /stats": "analyst",
  "GET /exports/messages": "analyst",
  "GET /exports/suppressions": "analyst",
  "GET /exports/stats": "analyst",
  "GET /exports/events": "analyst",
  "GET /exports/recipients": "analyst",
  "GET /exports/groups": "analyst",
  "GET /exports/hits": "analyst",
  "GET /exports/series": "analyst",
  "GET /exports/bounces": "analyst",
  "GET /exports/technical": "analyst",
  "GET /exports/reactions": "analyst",
  "GET /exports/sending-hours": "analyst",
  "GET /exports/heatmap": "analyst",
  "POST /exports": "analyst",
  "POST /sql": "analyst",
  "GET /exports/{export}": "analyst",
  "GET /exports/{export}/file": "analyst",
  "DELETE /exports/{export}": "analyst",
  "GET /stats/series": "analyst",
  "GET /stats/bounces": "analyst",
  "GET /stats/technical": "analyst",
  "GET /stats/reactions": "analyst",
  "GET /stats/sending-hours": "analyst",
  "GET /account": "analyst",
  "PATCH /account": "owner",
  "GET /credentials": "analyst",
  "POST /credentials": "owner",
  "DELETE /credentials/{login}": "owner",
  "GET /api-keys": "analyst",
  "POST /api-keys": "owner",
  "DELETE /api-keys/{key}": "owner",
  "GET /users": "analyst",
  "POST /users": "owner",
  "PATCH /users/{email}": "owner",
  "DELETE /users/{email}": "owner",
  "GET /senders": "analyst",
  "POST /senders": "operator",
  "DELETE /senders/{sender}": "operator",
  "GET /domains": "analyst",
  "POST /domains": "operator",
  "GET /domains/{domain}": "analyst",
  "POST /domains/{domain}/check": "operator",
  "POST /domains/{domain}/rotate": "operator",
  "DELETE /domains/{domain}": "operator",
  "GET /suppressions": "analyst",
  "POST /suppressions": "operator",
  "GET /suppressions/export": "analyst",
  "POST /suppressions/import": "operator",
  "GET /suppressions/{recipient}": "analyst",
  "DELETE /suppressions/{recipient}": "operator",
  "GET /consents/{recipient}": "analyst",
  "PUT /consents/{recipient}": "operator",
  "GET /links/disabled": "analyst",
  "POST /links/disable": "operator",
  "POST /links/enable": "operator",
  "GET /token-keys": "platform",
  "POST /token-keys": "platform",
  "DELETE /token-keys/{key}": "platform",
  "GET /accounts": "platform",
  "POST /accounts": "platform",
  "GET /accounts/{account}": "platform",
  "PUT /accounts/{account}/limits": "platform",
  "PUT /accounts/{account}/pools": "platform",
  "GET /addresses": "analyst",
  "POST /addresses": "platform",
  "GET /addresses/{address}": "analyst",
  "PATCH /addresses/{address}": "platform",
  "DELETE /addresses/{address}": "platform",
  "POST /addresses/{address}/pause": "platform",
  "POST /addresses/{address}/resume": "platform",
  "GET /addresses/{address}/warmup": "analyst",
  "GET /addresses/{address}/reputation": "analyst",
  "GET /pools": "analyst",
  "POST /pools": "platform",
  "PATCH /pools/{pool}": "platform",
  "GET /calendars": "analyst",
  "PUT /calendars/{calendar}": "platform",
  "GET /shaping/rules": "platform",
  "POST /shaping/rules": "platform",
  "PATCH /shaping/rules/{rule}": "platform",
  "GET /shaping/measures": "platform",
  "POST /shaping/backtest": "platform",
  "POST /warmup/simulate": "analyst",
  "GET /advice/addresses": "analyst",
};

const RANK = { analyst: 1, operator: 2, owner: 3, platform: 4 };

interface Asked {
  status: number;
  detail: string;
}
type Api = ReturnType<typeof createTestConsole>["api"];

async function ask(api: Api, method: string, path: string, key: string): Promise<Asked> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await api(path.replaceAll(/\{\w+\}/g, "demo"), { method, headers });
  const body = await response.text();
  return { status: response.status, detail: body.startsWith("{") ? JSON.parse(body).detail : "" };
}

/** Whether it was let through to the operation itself, which may still refuse what it was given. */
const isLetIn = ({ status, detail }: Asked) =>
  status !== 401 && !/needs the role|needs a key of the platform|nothing here/.test(detail ?? "");

Deno.test("the table names every operation there is", async () => {
  const { api } = createTestConsole();
  const { paths } = await (await api("/openapi.json")).json();
  const operations = Object.entries(paths as Record<string, object>).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`)
  );
  assert.deepEqual(operations.sort(), Object.keys(TABLE).sort());
  const ids = JSON.stringify(paths).match(/"operationId":"\w+"/g) ?? [];
  assert.equal(new Set(ids).size, operations.length, "each has a name of its own");
});

for (const role of ["analyst", "operator", "owner"] as const) {
  Deno.test(`what the role ${role} may and may not do`, async () => {
    for (const [operation, needed] of Object.entries(TABLE)) {
      const { api } = createTestConsole();
      const [method, path] = operation.split(" ") as [string, string];
      const asked = await ask(api, method, path, KEYS[role]);
      const may = RANK[role] >= RANK[needed];
      assert.equal(isLetIn(asked), may, `${operation}: ${JSON.stringify(asked)}`);
      if (needed === "platform") assert.equal(asked.status, 404, operation);
      else if (!may) {
        assert.equal(asked.status, 403, operation);
        assert.match(asked.detail, new RegExp(`needs the role ${needed}; this API key is ${role}`));
      }
    }
  });
}

Deno.test("only an owner's key of the platform may do everything, to every account", async () => {
  for (const [operation, needed] of Object.entries(TABLE)) {
    const { api } = createTestConsole();
    const [method, path] = operation.split(" ") as [string, string];
    const under = needed === "platform" ? path : `/accounts/demo${path}`;
    const owner = await ask(api, method, under, KEYS.platform);
    assert(isLetIn(owner), `${operation}: ${JSON.stringify(owner)}`);
    const operator = await ask(api, method, under, KEYS.platformOperator);
    assert.equal(operator.status, 403, operation);
    assert.match(operator.detail, /needs a key of the platform, role owner/);
    const stranger = await ask(api, method, under, KEYS.owner);
    assert.equal(stranger.status, 404, operation);
  }
});

Deno.test("nothing is done without a key", async () => {
  for (const operation of Object.keys(TABLE)) {
    const { app } = createTestConsole();
    const [method, path] = operation.split(" ") as [string, string];
    const response = await app.request(`/api/v1${path.replaceAll(/\{\w+\}/g, "demo")}`, { method });
    assert.equal(response.status, 401, operation);
    await response.body?.cancel();
  }
});
