import assert from "node:assert/strict";
import { supposing } from "./fact.ts";
import { RefusedError } from "./refused.ts";
import { createVault } from "./secrets.ts";
import { NO_SETTINGS, type SettingsState } from "./state.ts";
import {
  recipientSecret,
  retireTokenKey,
  rotateTokenKey,
  signingKey,
  tokenKeyOf,
} from "./token_keys.ts";

const vault = createVault(new Uint8Array(32).fill(1));
let made = 0;
const maker = { vault, random: (bytes: number) => new Uint8Array(bytes).fill(++made) };
const times = { createdAt: 0, retiredAt: null };

/** Settings with so many keys, and how they are seen. */
function withKeys(count: number): SettingsState {
  made = 0;
  let state = NO_SETTINGS;
  for (let i = 0; i < count; i++) state = supposing(state, rotateTokenKey(state, maker));
  return state;
}
const seen = (now: SettingsState) => ({ now, unseal: vault.unseal });
const secretOf = (n: number) => new Uint8Array(32).fill(n);

Deno.test("keys are found while our master key opens them", () => {
  const other = createVault(new Uint8Array(32).fill(2));
  const secret = new Uint8Array(32).fill(3);
  const tokenKeys = new Map([
    [1, { kid: 1, secret: vault.seal(secret), ...times }],
    [2, { kid: 2, secret: other.seal(secret), ...times }],
  ]);
  const keyOf = tokenKeyOf({ now: { ...NO_SETTINGS, tokenKeys }, unseal: vault.unseal });
  assert.deepEqual(keyOf(1), secret);
  assert.equal(keyOf(2), undefined);
  assert.equal(keyOf(3), undefined);
});

Deno.test("after a rotation the new key signs and all verify", () => {
  const settings = seen(withKeys(3));
  assert.deepEqual(signingKey(settings), { kid: 3, secret: secretOf(3) });
  const keyOf = tokenKeyOf(settings);
  assert.deepEqual([1, 2, 3].map(keyOf), [1, 2, 3].map(secretOf));
});

Deno.test("a retired key verifies nothing; tags of recipients stay, and its id is not given again", () => {
  const before = withKeys(2);
  const state = supposing(before, retireTokenKey(before, 1), 5);
  const settings = seen(state);
  assert.equal(tokenKeyOf(settings)(1), undefined);
  assert.deepEqual(tokenKeyOf(settings)(2), secretOf(2));
  assert.deepEqual(recipientSecret(settings), secretOf(1));
  assert.deepEqual(retireTokenKey(state, 1), []);
  const [next] = rotateTokenKey(state, maker);
  assert.equal((next!.data as { kid: number }).kid, 3);
});

Deno.test("the key that signs, and one that is none, cannot be retired", () => {
  const refused = (kind: string) => (error: unknown) =>
    error instanceof RefusedError && error.kind === kind;
  assert.throws(() => retireTokenKey(withKeys(2), 2), refused("forbidden"));
  assert.throws(() => retireTokenKey(withKeys(2), 3), refused("unknown"));
});

Deno.test("without a key nothing is signed", () => {
  assert.throws(() => signingKey(seen(NO_SETTINGS)), /no key for tracking tokens/);
  assert.throws(() => recipientSecret(seen(NO_SETTINGS)), /no key for tracking tokens/);
});
