import assert from "node:assert/strict";
import { createVault } from "./secrets.ts";
import { NO_SETTINGS } from "./state.ts";
import { tokenKeyOf } from "./token_keys.ts";

Deno.test("keys are found while our master key opens them", () => {
  const vault = createVault(new Uint8Array(32).fill(1));
  const other = createVault(new Uint8Array(32).fill(2));
  const secret = new Uint8Array(32).fill(3);
  const tokenKeys = new Map([
    [1, { kid: 1, secret: vault.seal(secret) }],
    [2, { kid: 2, secret: other.seal(secret) }],
  ]);
  const keyOf = tokenKeyOf({ now: { ...NO_SETTINGS, tokenKeys }, unseal: vault.unseal });
  assert.deepEqual(keyOf(1), secret);
  assert.equal(keyOf(2), undefined);
  assert.equal(keyOf(3), undefined);
});
