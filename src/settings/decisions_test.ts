/** The decisions as tables: given these facts, when that is asked, then those facts or that refusal. */
import assert from "node:assert/strict";
import {
  addDomain,
  authoriseSender,
  changeAccount,
  changeUser,
  createAccount,
  inviteUser,
  issueApiKey,
  issueCredential,
  NO_LIMITS,
  NO_SETTINGS,
  type RefusalKind,
  RefusedError,
  removeDomain,
  removeUser,
  revokeApiKey,
  revokeCredential,
  setLimits,
  type SettingsFact,
  type SettingsState,
  supposing,
  withdrawSender,
} from "./mod.ts";

const account = (id: string): SettingsFact => ({
  type: "settings.account-created",
  account: id,
  data: {
    name: id,
    tracking: { mode: "full", opens: true, clicks: true },
    listUnsubscribe: "header",
    unsubscribeText: "Unsubscribe",
    attachments: "keep",
    limits: NO_LIMITS,
  },
});
const user = (email: string, role: "owner" | "analyst" = "owner"): SettingsFact => ({
  type: "settings.user-invited",
  account: "acme",
  data: { email, name: email, role, hash: "h" },
});
const verified = (domain: string, selectors: string[]): SettingsFact[] => [
  { type: "settings.domain-added", account: "acme", data: { domain, ed25519: false } },
  {
    type: "settings.domain-checked",
    account: "acme",
    data: { domain, selectors, returnPath: false },
  },
];
const GIVEN = [account("acme"), account("other")];

interface Row {
  name: string;
  given?: SettingsFact[];
  when: (state: SettingsState) => SettingsFact[] | Promise<SettingsFact[]>;
  /** The data of the facts, or why it is refused. */
  then: unknown[] | [RefusalKind, RegExp];
}

const acme = { account: "acme" };
const key = { ...acme, key: "k1", name: "First", digest: "d1", role: "operator" as const };
const shop = { login: "shop", hash: "h" };
const login = { ...acme, ...shop };
const ann = { ...acme, email: "ann@acme.example", name: "Ann", role: "owner" as const, hash: "h" };
const maker = {
  generate: () => Promise.resolve({ privateKeyPem: "pem", publicKeyBase64: "p" }),
  vault: { seal: () => "sealed", unseal: () => new Uint8Array() },
};
const issued = (s: SettingsState) => issueCredential(s, login);

const TABLE: Row[] = [
  {
    name: "an account changes only what differs",
    when: (s) => changeAccount(s, { ...acme, name: "acme", tracking: { opens: false } }),
    then: [{ tracking: { mode: "full", opens: false, clicks: true } }],
  },
  {
    name: "an account that is so already",
    when: (s) => changeAccount(s, { ...acme, name: "acme", listUnsubscribe: "header" }),
    then: [],
  },
  {
    name: "an account without a name",
    when: (s) => changeAccount(s, { ...acme, name: "" }),
    then: ["invalid", /^name: /],
  },
  {
    name: "an account that is not there",
    when: (s) => changeAccount(s, { account: "nobody", name: "x" }),
    then: ["unknown", /no account "nobody"/],
  },
  {
    name: "one limit of several",
    when: (s) => setLimits(s, { ...acme, limits: { messagesPerDay: 10 } }),
    then: [{ limits: { ...NO_LIMITS, messagesPerDay: 10 } }],
  },
  {
    name: "a limit below one",
    when: (s) => setLimits(s, { ...acme, limits: { messagesPerDay: 0 } }),
    then: ["invalid", /limits\.messagesPerDay/],
  },
  { name: "a login", when: issued, then: [{ login: "shop", hash: "h" }] },
  {
    name: "a login of another account",
    given: [{ type: "settings.credential-issued", account: "other", data: shop }],
    when: issued,
    then: ["taken", /"shop" is taken/],
  },
  {
    name: "a login with a space",
    when: (s) => issueCredential(s, { ...login, login: "my shop" }),
    then: ["invalid", /letters, digits/],
  },
  {
    name: "a login for nobody",
    when: (s) => issueCredential(s, { ...login, account: "nobody" }),
    then: ["unknown", /no account/],
  },
  {
    name: "a login revoked",
    given: [{ type: "settings.credential-issued", account: "acme", data: shop }],
    when: (s) => revokeCredential(s, login),
    then: [{ login: "shop" }],
  },
  {
    name: "another account's login revoked",
    given: [{ type: "settings.credential-issued", account: "other", data: shop }],
    when: (s) => revokeCredential(s, login),
    then: ["unknown", /no login "shop"/],
  },
  {
    name: "an API key",
    when: (s) => issueApiKey(s, key),
    then: [{ key: "k1", name: "First", digest: "d1", role: "operator" }],
  },
  {
    name: "an API key of the platform, which is no account",
    when: (s) => issueApiKey(s, { ...key, account: "platform" }),
    then: [{ key: "k1", name: "First", digest: "d1", role: "operator" }],
  },
  {
    name: "an API key's id twice",
    given: [{ type: "settings.api-key-issued", account: "acme", data: key }],
    when: (s) => issueApiKey(s, { ...key, digest: "d2" }),
    then: ["taken", /"k1" already/],
  },
  {
    name: "an API key's id in two accounts",
    given: [{ type: "settings.api-key-issued", account: "other", data: key }],
    when: (s) => issueApiKey(s, { ...key, digest: "d2" }),
    then: [{ key: "k1", name: "First", digest: "d2", role: "operator" }],
  },
  {
    name: "a secret that is a key already",
    given: [{ type: "settings.api-key-issued", account: "other", data: key }],
    when: (s) => issueApiKey(s, { ...key, key: "k2" }),
    then: ["taken", /make a new one/],
  },
  {
    name: "an API key's id with a slash",
    when: (s) => issueApiKey(s, { ...key, key: "a/b" }),
    then: ["invalid", /letters, digits/],
  },
  {
    name: "another account's API key revoked",
    given: [{ type: "settings.api-key-issued", account: "other", data: key }],
    when: (s) => revokeApiKey(s, key),
    then: ["unknown", /no API key "k1"/],
  },
  {
    name: "a user, in one spelling",
    when: (s) => inviteUser(s, { ...ann, email: " Ann@ACME.example " }),
    then: [{ email: "ann@acme.example", name: "Ann", role: "owner", hash: "h" }],
  },
  {
    name: "a user of another account",
    given: [{ ...user("ann@acme.example"), account: "other" } as SettingsFact],
    when: (s) => inviteUser(s, ann),
    then: ["taken", /a user already/],
  },
  {
    name: "a user without a domain",
    when: (s) => inviteUser(s, { ...ann, email: "ann" }),
    then: ["invalid", /name@example\.com/],
  },
  {
    name: "the last owner demoted",
    given: [user("ann@acme.example"), user("bob@acme.example", "analyst")],
    when: (s) => changeUser(s, { ...acme, email: "ann@acme.example", role: "operator" }),
    then: ["forbidden", /last owner/],
  },
  {
    name: "the last owner removed",
    given: [user("ann@acme.example")],
    when: (s) => removeUser(s, { ...acme, email: "ann@acme.example" }),
    then: ["forbidden", /make somebody else owner first/],
  },
  {
    name: "one owner of two removed",
    given: [user("ann@acme.example"), user("bob@acme.example")],
    when: (s) => removeUser(s, { ...acme, email: "ANN@acme.example" }),
    then: [{ email: "ann@acme.example" }],
  },
  {
    name: "the last owner's password",
    given: [user("ann@acme.example")],
    when: (s) => changeUser(s, { ...acme, email: "ann@acme.example", role: "owner", hash: "new" }),
    then: [{ email: "ann@acme.example", hash: "new" }],
  },
  {
    name: "a user who has that role",
    given: [user("ann@acme.example")],
    when: (s) => changeUser(s, { ...acme, email: "ann@acme.example", role: "owner" }),
    then: [],
  },
  {
    name: "a user of somebody else",
    given: [user("ann@acme.example")],
    when: (s) => removeUser(s, { account: "other", email: "ann@acme.example" }),
    then: ["unknown", /no user/],
  },
  {
    name: "any sender, by the operator",
    when: (s) => authoriseSender(s, { ...acme, sender: "EXÄMPLE.com.", mayAny: true }),
    then: [{ sender: "xn--exmple-cua.com" }],
  },
  {
    name: "a sender twice",
    given: [{
      type: "settings.sender-authorised",
      account: "acme",
      data: { sender: "a@b.example" },
    }],
    when: (s) => authoriseSender(s, { ...acme, sender: "A@B.example", mayAny: false }),
    then: [],
  },
  ...["", "example", "@example.com", "a@b", "a b@c.example", "a@b@c.example", '"a"@b.example']
    .concat(["a@[192.0.2.1]", "192.0.2.1", "-a.example", "a..example", "a_b.example", "*.example"])
    .map((sender): Row => ({
      name: `no sender: ${sender}`,
      when: (s) => authoriseSender(s, { ...acme, sender, mayAny: true }),
      then: ["invalid", /write it as/],
    })),
  {
    name: "a sender under a verified domain",
    given: verified("acme.example", ["chappe1"]),
    when: (s) => authoriseSender(s, { ...acme, sender: "a@mail.acme.example", mayAny: false }),
    then: [{ sender: "a@mail.acme.example" }],
  },
  {
    name: "a sender whose domain only ends like a verified one",
    given: verified("acme.example", ["chappe1"]),
    when: (s) => authoriseSender(s, { ...acme, sender: "evilacme.example", mayAny: false }),
    then: ["forbidden", /no verified domain/],
  },
  {
    name: "a sender under a domain that DNS does not lead to",
    given: verified("acme.example", []),
    when: (s) => authoriseSender(s, { ...acme, sender: "acme.example", mayAny: false }),
    then: ["forbidden", /no verified domain/],
  },
  {
    name: "a sender under another account's verified domain",
    given: verified("acme.example", ["chappe1"]),
    when: (s) => authoriseSender(s, { account: "other", sender: "acme.example", mayAny: false }),
    then: ["forbidden", /no verified domain/],
  },
  {
    name: "a sender that is none withdrawn",
    when: (s) => withdrawSender(s, { ...acme, sender: "a@b.example" }),
    then: ["unknown", /no sender/],
  },
  {
    name: "a domain too long for the names of its records",
    when: (s) =>
      addDomain(s, {
        ...acme,
        ...maker,
        domain: `${"abcdefghi.".repeat(15)}example`,
        ed25519: false,
      }),
    then: ["invalid", /150 characters/],
  },
  {
    name: "a domain that is not there removed",
    when: (s) => removeDomain(s, { ...acme, domain: "acme.example" }),
    then: ["unknown", /no domain "acme\.example"/],
  },
];

for (const { name, given = [], when, then } of TABLE) {
  Deno.test(`settings: ${name}`, async () => {
    const state = supposing(NO_SETTINGS, [...GIVEN, ...given]);
    const [kind, words] = then;
    if (words instanceof RegExp) {
      await assert.rejects(async () => await when(state), (error) => {
        assert(error instanceof RefusedError, String(error));
        assert.equal(error.kind, kind);
        assert.match(error.message, words);
        return true;
      });
    } else assert.deepEqual((await when(state)).map((fact) => fact.data), then);
  });
}

Deno.test("settings: an account starts with nothing but itself where nothing else is asked for", () => {
  const bare = { id: "new", name: "New", senders: [], smtp: null, apiKey: null, user: null };
  assert.deepEqual(createAccount(NO_SETTINGS, bare).map((f) => f.type), [
    "settings.account-created",
  ]);
  const owner = { email: "ann@new.example", name: "Ann", hash: "h" };
  const facts = createAccount(NO_SETTINGS, { ...bare, senders: ["New.example"], user: owner });
  assert.deepEqual(facts.slice(1).map((f) => f.data), [
    { sender: "new.example" },
    { ...owner, role: "owner" },
  ]);
});
