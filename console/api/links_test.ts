import assert from "node:assert/strict";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { KEYS, OTHER_KEY } from "../test_ports.ts";

const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const platform = { key: KEYS.platform };
const operator = { key: KEYS.operator };
const ofMessage = { scope: "message", of: MESSAGE };
const reason = "stolen list";

Deno.test("an account turns links of a message or a mailing off and on; others do not see it", async () => {
  const console = createTestConsole();
  const listed = async (key: string = KEYS.analyst) =>
    (await send<{ items: unknown[] }>(console, "GET /links/disabled", undefined, { key })).body
      .items;
  for (const scope of [ofMessage, { scope: "mailing", of: "spring" }]) {
    const off = await send(console, "POST /links/disable", { ...scope, reason }, operator);
    assert.equal(off.status, 204);
    const since = new Date(console.clock.now).toISOString();
    assert.deepEqual(await listed(), [{ ...scope, reason, byPlatform: false, since }]);
    assert.deepEqual(await listed(OTHER_KEY), []);
    problemIn(await send(console, "POST /links/enable", scope, { key: OTHER_KEY }), 404);
    assert.equal((await send(console, "POST /links/enable", scope, operator)).status, 204);
    assert.deepEqual(await listed(), []);
  }
  assert.equal(console.log.of("settings").at(-1)?.by, "api-key:operator-key");
});

Deno.test("a whole account is the platform's to disable, and what it disabled is its own to enable", async () => {
  const console = createTestConsole();
  const account = { scope: "account" };
  problemIn(await send(console, "POST /links/disable", { ...account, reason }), 403);
  for (const scope of [account, ofMessage]) {
    const path = "/accounts/demo/links";
    const off = await send(console, `POST ${path}/disable`, { ...scope, reason }, platform);
    assert.equal(off.status, 204);
    problemIn(await send(console, "POST /links/enable", scope), 403);
    assert.equal((await send(console, `POST ${path}/enable`, scope, platform)).status, 204);
  }
});

Deno.test("orders that make no sense are refused", async () => {
  const console = createTestConsole();
  for (
    const body of [
      { scope: "message", reason },
      { scope: "message", of: "x", reason },
      { ...ofMessage },
      { scope: "everything", reason },
      { ...ofMessage, reason: "" },
    ]
  ) {
    problemIn(await send(console, "POST /links/disable", body), 422);
  }
});

Deno.test("the platform rotates and retires token keys", async () => {
  const console = createTestConsole();
  type Key = { key: number; signs: boolean; retiredAt: string | null };
  const rotate = () => send<Key>(console, "POST /token-keys", undefined, platform);
  const first = await rotate();
  const second = await rotate();
  assert.deepEqual([first.status, second.body.key], [201, first.body.key + 1]);
  problemIn(await send(console, `DELETE /token-keys/${second.body.key}`, undefined, platform), 403);
  for (const none of ["999", "x", "-1"]) {
    problemIn(await send(console, `DELETE /token-keys/${none}`, undefined, platform), 404);
  }
  const gone = await send(console, `DELETE /token-keys/${first.body.key}`, undefined, platform);
  assert.equal(gone.status, 204);
  const { body } = await send<{ items: Key[] }>(console, "GET /token-keys", undefined, platform);
  const state = body.items.slice(-2).map(({ signs, retiredAt }) => [signs, retiredAt !== null]);
  assert.deepEqual(state, [[false, true], [true, false]]);
});
