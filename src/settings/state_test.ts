import assert from "node:assert/strict";
import { createAccount } from "./create_account.ts";
import { type SettingsFact, supposing } from "./fact.ts";
import { demoAccount } from "./provision.ts";
import { RefusedError } from "./refused.ts";
import { maySendAs, NO_SETTINGS, type SettingsState } from "./state.ts";
import { createVault } from "./secrets.ts";

const given = (...facts: SettingsFact[]): SettingsState => supposing(NO_SETTINGS, facts, 1);
const sender = (account: string, sender: string): SettingsFact => ({
  type: "settings.sender-authorised",
  account,
  data: { sender },
});
const acme = {
  id: "acme",
  name: "Acme",
  senders: ["acme.example"],
  smtp: { login: "acme", hash: "h" },
  apiKey: { key: "first", name: "first", digest: "d" },
  user: null,
};

Deno.test("an account sends from its own domains and addresses only", () => {
  const state = given(
    sender("a", "Example.com"),
    sender("a", "xn--exmple-cua.example"),
    sender("b", "boss@b.example"),
  );
  assert(maySendAs(state, "a", "jürgen@exÄmple.example"));
  assert(maySendAs(state, "a", "Anyone@EXAMPLE.com"));
  assert(!maySendAs(state, "a", "x@sub.example.com"));
  assert(!maySendAs(state, "a", "boss@b.example"));
  assert(maySendAs(state, "b", "boss@b.example"));
  assert(!maySendAs(state, "b", "other@b.example"));
  assert(!maySendAs(state, "b", "example.com"));
  assert(!maySendAs(state, "nobody", "x@example.com"));
});

Deno.test("a withdrawn sender and a revoked key are gone, and only for their account", () => {
  const key = (account: string, digest: string): SettingsFact => ({
    type: "settings.api-key-issued",
    account,
    data: { key: "k1", name: "k1", digest, role: "owner" },
  });
  const state = given(
    sender("a", "example.com"),
    { type: "settings.sender-withdrawn", account: "a", data: { sender: "EXAMPLE.com" } },
    key("a", "d1"),
    key("b", "d2"),
    { type: "settings.api-key-revoked", account: "a", data: { key: "k1" } },
  );
  assert(!maySendAs(state, "a", "x@example.com"));
  assert.deepEqual([...state.apiKeys.keys()], ["d2"]);
});

Deno.test("an account id or login that is taken or malformed is refused", () => {
  const state = given(...createAccount(NO_SETTINGS, acme));
  assert.equal(state.credentials.get("acme")?.account, "acme");
  assert.throws(() => createAccount(state, acme), RefusedError);
  assert.throws(() => createAccount(state, { ...acme, id: "other" }), /login "acme" is taken/);
  assert.throws(() => createAccount(NO_SETTINGS, { ...acme, id: "Bad Id" }), RefusedError);
  assert.throws(() => createAccount(NO_SETTINGS, { ...acme, id: "platform" }), RefusedError);
});

Deno.test("the demo account is made once", async () => {
  const deps = {
    hash: "h",
    vault: createVault(new Uint8Array(32)),
    generate: () => Promise.resolve({ privateKeyPem: "pem", publicKeyBase64: "p" }),
  };
  const state = given(...await demoAccount(NO_SETTINGS, deps));
  assert(maySendAs(state, "demo", "hello@example.com"));
  assert.equal(state.domains.get("demo")?.get("example.com")?.keys.length, 2);
  assert.deepEqual(await demoAccount(state, deps), []);
});
