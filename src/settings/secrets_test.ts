import assert from "node:assert/strict";
import { createVault, parseMasterKey, SealError } from "./secrets.ts";

const key = (fill: number) => new Uint8Array(32).fill(fill);

Deno.test("what is sealed unseals, and never looks the same twice", () => {
  const vault = createVault(key(1));
  const secret = new TextEncoder().encode("a private key");
  const sealed = vault.seal(secret);
  assert.deepEqual(vault.unseal(sealed), secret);
  assert.notEqual(vault.seal(secret), sealed);
  assert(!sealed.includes("private"));
});

Deno.test("another master key, or a changed text, is refused in words", () => {
  const sealed = createVault(key(1)).seal(key(9));
  assert.throws(() => createVault(key(2)).unseal(sealed), SealError);
  assert.throws(() => createVault(key(1)).unseal(sealed.slice(0, -2) + "AA"), /CHAPPE_MASTER_KEY/);
  assert.throws(() => createVault(key(1)).unseal("clear text"), SealError);
});

Deno.test("a master key is 32 bytes, in base64 or hex", () => {
  assert.deepEqual(parseMasterKey("07".repeat(32)), key(7));
  assert.deepEqual(parseMasterKey(Buffer.from(key(7)).toString("base64")), key(7));
  assert.throws(() => parseMasterKey("hunter2"), /openssl rand/);
});
