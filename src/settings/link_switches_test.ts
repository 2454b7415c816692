import assert from "node:assert/strict";
import { mailingTag } from "../rules/mod.ts";
import { createAccount } from "./create_account.ts";
import { type SettingsFact, supposing } from "./fact.ts";
import {
  disableLinks,
  enableLinks,
  type LinkOrder,
  linksDisabled,
  linksDisabledBefore,
} from "./link_switches.ts";
import { RefusedError } from "./refused.ts";
import { NO_SETTINGS, type SettingsState } from "./state.ts";

const MESSAGE = "0192f3c4-5d6e-7f80-9a1b-2c3d4e5f6071";
const acme = createAccount(NO_SETTINGS, {
  id: "acme",
  name: "Acme",
  senders: [],
  smtp: { login: "acme", hash: "h" },
  apiKey: { key: "first", name: "first", digest: "d" },
  user: null,
});
const START = supposing(NO_SETTINGS, acme);
const ofMessage = { account: "acme", scope: "message", of: MESSAGE, byPlatform: false } as const;
const ofAccount = { account: "acme", scope: "account", of: null, byPlatform: true } as const;
const reason = "stolen list";

const refused = (kind: string) => (error: unknown) =>
  error instanceof RefusedError && error.kind === kind;

/** A link, seen through settings that change under it. */
function watched() {
  const settings = { now: START };
  const isOff = linksDisabled(settings);
  const link = { account: "acme", message: MESSAGE, mailing: mailingTag("acme", "spring") };
  const isLinkOff = (decide: (state: SettingsState) => SettingsFact[]) => {
    settings.now = supposing(settings.now, decide(settings.now), 7);
    return isOff(link);
  };
  return { settings, isLinkOff };
}

Deno.test("links go off and on by message, by mailing and by account", () => {
  const { settings, isLinkOff } = watched();
  const orders: LinkOrder[] = [ofMessage, ofAccount, {
    ...ofMessage,
    scope: "mailing",
    of: "spring",
  }];
  for (const order of orders) {
    assert(isLinkOff((state) => disableLinks(state, { ...order, reason })));
    const [entry] = settings.now.disabledLinks.values();
    assert.deepEqual(entry, { ...order, reason, since: 7 });
    assert(!isLinkOff((state) => enableLinks(state, order)));
  }
});

Deno.test("links that were turned off later were on before", () => {
  const off = disableLinks(START, { ...ofMessage, reason });
  const wasOff = linksDisabledBefore({ now: supposing(START, off, 7) });
  const link = { account: "acme", message: MESSAGE, mailing: null };
  assert.deepEqual([6, 7, 8].map((at) => wasOff(link, at)), [false, false, true]);
  assert(!wasOff({ ...link, account: "other" }, 8));
});

Deno.test("what is off already stays as it was; who asks for it again is told nothing new", () => {
  const { settings, isLinkOff } = watched();
  const order = { ...ofMessage, of: MESSAGE.toUpperCase(), reason };
  assert(isLinkOff((state) => disableLinks(state, order)));
  assert.deepEqual(disableLinks(settings.now, { ...order, reason: "another" }), []);
  assert.throws(() => enableLinks(START, ofMessage), refused("unknown"));
});

Deno.test("what the platform disabled the account cannot enable", () => {
  const { settings, isLinkOff } = watched();
  isLinkOff((state) => disableLinks(state, { ...ofMessage, reason }));
  isLinkOff((state) => disableLinks(state, { ...ofMessage, reason, byPlatform: true }));
  assert.throws(() => enableLinks(settings.now, ofMessage), refused("forbidden"));
  assert(!isLinkOff((state) => enableLinks(state, { ...ofMessage, byPlatform: true })));
});

Deno.test("orders that make no sense, and those that an account may not give, are refused", () => {
  const table: [Partial<LinkOrder>, string][] = [
    [{ scope: "account" }, "invalid"],
    [{ of: null }, "invalid"],
    [{ of: "no id" }, "invalid"],
    [{ account: "nobody" }, "unknown"],
    [{ scope: "account", of: null }, "forbidden"],
  ];
  for (const [part, kind] of table) {
    const order = { ...ofMessage, ...part };
    assert.throws(() => disableLinks(START, { ...order, reason }), refused(kind), kind);
    assert.throws(() => enableLinks(START, order), refused(kind), kind);
  }
  const long = { ...ofMessage, reason: "x".repeat(501) };
  assert.throws(() => disableLinks(START, long), refused("invalid"));
});
