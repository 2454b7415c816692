import assert from "node:assert/strict";
import {
  addDomain,
  createAccount,
  NO_SETTINGS,
  recordCheck,
  rotateKey,
  type SettingsState,
  supposing,
} from "./mod.ts";

const DAY = 24 * 3600_000;
let made = 0;
const maker = {
  generate: () => Promise.resolve({ privateKeyPem: "pem", publicKeyBase64: `p${++made}` }),
  vault: { seal: () => "sealed", unseal: () => new Uint8Array() },
};
const own = { account: "acme", domain: "acme.example" };
const acme = supposing(
  NO_SETTINGS,
  createAccount(NO_SETTINGS, {
    id: "acme",
    name: "Acme",
    senders: [],
    smtp: null,
    apiKey: null,
    user: null,
  }),
);

async function added(ed25519 = false, at = 0): Promise<SettingsState> {
  return supposing(acme, await addDomain(acme, { ...own, ...maker, ed25519 }), at);
}
const domainIn = (state: SettingsState) => state.domains.get("acme")!.get("acme.example")!;
const selectors = (state: SettingsState) => domainIn(state).keys.map((key) => key.selector);
/** DNS leads to the keys under these selectors. */
function check(state: SettingsState, ...found: string[]): SettingsState {
  const keys = domainIn(state).keys.filter((key) => found.includes(key.selector));
  return supposing(state, recordCheck(state, { ...own, keys, returnPath: true }), 1);
}
async function rotate(state: SettingsState, now: number): Promise<SettingsState> {
  return supposing(state, await rotateKey(state, { ...own, ...maker, now }), now);
}

Deno.test("a domain starts with a key for each selector, the one that signs last", async () => {
  assert.deepEqual(selectors(await added()), ["chappe2", "chappe1"]);
  const both = await added(true);
  assert.deepEqual(selectors(both), ["chappe2", "chappe1", "chappe2-ed", "chappe1-ed"]);
  assert.deepEqual(
    domainIn(both).keys.map((key) => key.algorithm),
    ["rsa-sha256", "rsa-sha256", "ed25519-sha256", "ed25519-sha256"],
  );
});

Deno.test("a domain added again keeps its keys; Ed25519 can be wanted later", async () => {
  const state = check(await added(), "chappe1", "chappe2");
  assert.deepEqual(await addDomain(state, { ...own, ...maker, ed25519: false }), []);
  const more = supposing(state, await addDomain(state, { ...own, ...maker, ed25519: true }));
  assert.deepEqual(domainIn(more).keys.slice(0, 2), domainIn(state).keys);
  assert.deepEqual(selectors(more).slice(2), ["chappe2-ed", "chappe1-ed"]);
  assert.deepEqual(domainIn(more).verifiedSelectors, new Set(["chappe1", "chappe2"]));
  assert.deepEqual(await addDomain(more, { ...own, ...maker, ed25519: false }), []);
});

Deno.test("a rotation takes the selector that does not sign, and signs once it is verified", async () => {
  const before = check(await added(), "chappe1", "chappe2");
  const after = await rotate(before, DAY);
  assert.deepEqual(selectors(after), ["chappe1", "chappe2"]);
  assert.deepEqual(domainIn(after).verifiedSelectors, new Set(["chappe1"]));
  assert.equal(domainIn(after).keys[0], domainIn(before).keys[1]);
});

Deno.test("both algorithms rotate together", async () => {
  const state = await rotate(await added(true), DAY);
  assert.deepEqual(selectors(state), ["chappe1", "chappe1-ed", "chappe2", "chappe2-ed"]);
});

Deno.test("a rotation waits for the new key, then for mail signed with the old one", async () => {
  const once = await rotate(check(await added(), "chappe1", "chappe2"), DAY);
  await assert.rejects(rotate(once, 100 * DAY), {
    kind: "forbidden",
    message: /signs with chappe1.*check the domain/,
  });
  const verified = check(once, "chappe1", "chappe2");
  await assert.rejects(rotate(verified, 8 * DAY - 1), {
    kind: "forbidden",
    message: /may still be on its way: rotate after 1970-01-09T00:00:00\.000Z/,
  });
  assert.deepEqual(selectors(await rotate(verified, 8 * DAY)), ["chappe2", "chappe1"]);
});

Deno.test("a domain of before there were two selectors gains the second", async () => {
  const state = await added();
  const [, chappe1] = domainIn(state).keys;
  const domains = new Map([[
    "acme",
    new Map([["acme.example", { ...domainIn(state), keys: [chappe1!] }]]),
  ]]);
  assert.deepEqual(selectors(await rotate({ ...state, domains }, 1)), ["chappe1", "chappe2"]);
});

Deno.test("a check is recorded where it differs, the first one always", async () => {
  const state = await added();
  const nothing = { ...own, keys: [], returnPath: false };
  const first = supposing(state, recordCheck(state, nothing), 5);
  assert.equal(domainIn(first).checkedAt, 5);
  assert.deepEqual(recordCheck(first, nothing), []);
  const found = { ...own, keys: domainIn(state).keys, returnPath: true };
  const [fact] = recordCheck(first, found);
  assert.deepEqual(fact!.data, {
    domain: "acme.example",
    selectors: ["chappe1", "chappe2"],
    returnPath: true,
  });
  assert.deepEqual(recordCheck(supposing(first, [fact!]), found), []);
  assert.deepEqual(recordCheck(state, { ...found, domain: "gone.example" }), []);
});

Deno.test("a check does not vouch for a key that was replaced while it asked", async () => {
  const before = check(await added(), "chappe1", "chappe2");
  const after = await rotate(before, DAY);
  const late = recordCheck(after, { ...own, keys: domainIn(before).keys, returnPath: true });
  assert.deepEqual(late, []);
});
