import assert from "node:assert/strict";
import { createNodeEngine, generateDkimKey } from "@chappe/src/mail";
import {
  type DkimKey,
  type Domain,
  NO_SETTINGS,
  PLATFORM,
  type SettingsState,
} from "@chappe/src/settings";
import { ownDomain, speaksFor } from "./own_domain.ts";
import { createSigners } from "./signers.ts";

const pems = {
  "rsa-sha256": (await generateDkimKey("rsa-sha256")).privateKeyPem,
  "ed25519-sha256": (await generateDkimKey("ed25519-sha256")).privateKeyPem,
};

/** Keys are written `selector`, or `selector*` when DNS leads to it; oldest first. */
function domain(account: string, name: string, keys: string[], returnPath = false): Domain {
  const held = keys.map((text, i): DkimKey => {
    const selector = text.replace("*", "");
    const algorithm = selector.endsWith("-ed") ? "ed25519-sha256" : "rsa-sha256";
    const privateKey = pems[algorithm];
    return { domain: name, selector, algorithm, publicKey: "", privateKey, createdAt: i };
  });
  return {
    account,
    domain: name,
    ed25519: false,
    keys: held,
    verifiedSelectors: new Set(
      keys.filter((k) => k.endsWith("*")).map((k) => k.slice(0, -1)),
    ),
    returnPath,
    checkedAt: 0,
  };
}

function settings(...domains: Domain[]): SettingsState {
  const platform = domain(PLATFORM, "mta.example", ["chappe1"]);
  const byAccount = Map.groupBy([platform, ...domains], (d) => d.account);
  return {
    ...NO_SETTINGS,
    domains: new Map(
      [...byAccount].map(([account, own]) => [account, new Map(own.map((d) => [d.domain, d]))]),
    ),
  };
}

function signersFor(state: SettingsState, from: string, account = "acme"): string[] {
  const engine = createNodeEngine();
  const live = { now: state, unseal: (text: string) => new TextEncoder().encode(text) };
  return createSigners(live, engine, "mta.example")(account, from)
    .map((signer) => `${signer.selector} ${signer.domain}`).sort();
}

const PLATFORM_SIGNS = ["chappe1 mta.example"];

Deno.test("before its DNS leads to a key, a domain's mail is signed by the platform", () => {
  const unverified = settings(domain("acme", "acme.example", ["chappe2", "chappe1"]));
  assert.deepEqual(signersFor(unverified, "acme.example"), PLATFORM_SIGNS);
});

Deno.test("the newest verified key of each algorithm signs", () => {
  const state = settings(
    domain("acme", "acme.example", ["chappe2*", "chappe1*", "chappe2-ed*", "chappe1-ed"]),
  );
  assert.deepEqual(signersFor(state, "acme.example"), [
    "chappe1 acme.example",
    "chappe2-ed acme.example",
  ]);
});

Deno.test("a new key waits until its record is there", () => {
  const before = settings(domain("acme", "acme.example", ["chappe1*", "chappe2"]));
  assert.deepEqual(signersFor(before, "acme.example"), ["chappe1 acme.example"]);
  const after = settings(domain("acme", "acme.example", ["chappe1*", "chappe2*"]));
  assert.deepEqual(signersFor(after, "acme.example"), ["chappe2 acme.example"]);
});

Deno.test("the closest domain of the account that has a verified key signs for its subdomains", () => {
  const state = settings(
    domain("acme", "acme.example", ["chappe1*"]),
    domain("acme", "news.acme.example", ["chappe2*"]),
    domain("acme", "shop.acme.example", ["chappe1"]),
    domain("evil", "deep.acme.example", ["chappe1*"]),
  );
  assert.deepEqual(signersFor(state, "a.news.acme.example"), ["chappe2 news.acme.example"]);
  assert.deepEqual(signersFor(state, "shop.acme.example"), ["chappe1 acme.example"]);
  assert.deepEqual(signersFor(state, "deep.acme.example"), ["chappe1 acme.example"]);
  assert.deepEqual(signersFor(state, "notacme.example"), PLATFORM_SIGNS);
  assert.deepEqual(signersFor(state, "example"), PLATFORM_SIGNS);
  assert.deepEqual(signersFor(state, ""), PLATFORM_SIGNS);
});

Deno.test("another account's keys never sign", () => {
  const state = settings(domain("acme", "acme.example", ["chappe1*"]));
  assert.deepEqual(signersFor(state, "acme.example", "evil"), PLATFORM_SIGNS);
});

Deno.test("return paths go by the closest domain that leads to us and is the account's", () => {
  const state = settings(
    domain("acme", "acme.example", ["chappe1*"], true),
    domain("acme", "news.acme.example", ["chappe1*"], false),
    domain("evil", "acme.example", ["chappe1"], true),
  );
  const path = (account: string, from: string) =>
    ownDomain(state, account, from, speaksFor)?.domain;
  assert.equal(path("acme", "news.acme.example"), "acme.example");
  assert.equal(path("acme", "other.example"), undefined);
  assert.equal(path("evil", "acme.example"), undefined);
});
