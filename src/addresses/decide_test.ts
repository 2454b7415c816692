import assert from "node:assert/strict";
import { type Event, event, type EventData, type NewEvent, uuidv7 } from "../events/mod.ts";
import { SHAPING_RULES, stateAt } from "../sending/mod.ts";
import {
  createAccount,
  NO_SETTINGS,
  type RefusalKind,
  RefusedError,
  type SettingsFact,
} from "../settings/mod.ts";
import {
  addAddress,
  type AddressFact,
  assignPools,
  changeAddress,
  changePool,
  createPool,
  defineCalendar,
  defineRule,
  evolveHeld,
  type Held,
  NOTHING_HELD,
  pauseAddress,
  removeAddress,
  resumeAddress,
  ruleAsDefined,
  switchRule,
} from "./mod.ts";

const NOW = Date.UTC(2026, 10, 22, 9, 30);
const DAY = 86_400_000;
const account = (id: string) =>
  createAccount(NO_SETTINGS, { id, name: id, senders: [], smtp: null, apiKey: null, user: null });

type Fact = Pick<AddressFact | SettingsFact, "type" | "account" | "data">;
type Decide = (held: Held) => readonly Fact[];

const fold = (held: Held, facts: readonly Fact[]) => facts.map(stored).reduce(evolveHeld, held);
const ACCOUNTS = fold(NOTHING_HELD, [...account("acme"), ...account("other")]);

/** What stands after decisions made one after the other. */
function after(...decisions: Decide[]): Held {
  return decisions.reduce((held, decide) => fold(held, decide(held)), ACCOUNTS);
}

function stored({ type, account, data }: Fact): Event {
  const made = event(type, { id: uuidv7(NOW), account, at: NOW }, data as EventData<typeof type>);
  return { ...made as NewEvent, recorded: NOW } as Event;
}

function refuses(kind: RefusalKind, message: RegExp, decide: () => unknown): void {
  assert.throws(decide, (error) => {
    assert(error instanceof RefusedError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    return true;
  });
}

const IP = "192.0.2.1";
const added: Decide = (held) =>
  addAddress(held, { address: IP, ehlo: "Out1.Example.com.", pool: "shared" }, NOW);

Deno.test("an address begins to warm up today, in one spelling, and only once", () => {
  const [fact] = added(after());
  assert.deepEqual(fact, {
    type: "settings.address-added",
    account: "platform",
    data: {
      address: IP,
      ehlo: "out1.example.com",
      pool: "shared",
      calendar: "default",
      standing: { kind: "warming", day: 1, date: "2026-11-22" },
    },
  });
  const held = after((h) =>
    addAddress(h, { address: "2001:DB8:0:0::1", ehlo: "a.example", pool: "shared" }, NOW)
  );
  assert.deepEqual([...held.sending.addresses.keys()], ["2001:db8::1"]);
  const again = { ehlo: "a.example", pool: "shared" };
  for (const address of ["2001:db8::1", "2001:db8:0:0:0:0:0:1"]) {
    refuses("taken", /already/, () => addAddress(held, { address, ...again }, NOW));
  }
  const mapped = addAddress(held, { address: "::ffff:192.0.2.7", ...again }, NOW);
  assert.equal((mapped[0]!.data as { address: string }).address, "192.0.2.7");
});

Deno.test("what is no address, name, pool, calendar or day is refused", () => {
  const good = { address: IP, ehlo: "a.example", pool: "shared" };
  const table: [Partial<Parameters<typeof addAddress>[1]>, RefusalKind, RegExp][] = [
    [{ address: "192.0.2" }, "invalid", /not an IP address/],
    [{ address: "0300.0.2.1" }, "invalid", /not an IP address/],
    [{ address: "fe80::1%eth0" }, "invalid", /not an IP address/],
    [{ address: "0.0.0.0" }, "invalid", /nothing can be sent/],
    [{ address: "ff02::1" }, "invalid", /nothing can be sent/],
    [{ ehlo: "localhost" }, "invalid", /not a domain/],
    [{ ehlo: "a.example\r\nMAIL" }, "invalid", /not a domain/],
    [{ pool: "blue" }, "unknown", /no pool "blue"/],
    [{ calendar: "slow" }, "unknown", /no calendar "slow"/],
    [{ standing: { kind: "warming", day: 22 } }, "invalid", /the last day .* is 21/],
    [{ standing: { kind: "warming", day: 0 } }, "invalid", /standing\.day/],
  ];
  for (const [wrong, kind, message] of table) {
    refuses(kind, message, () => addAddress(after(), { ...good, ...wrong }, NOW));
  }
});

Deno.test("of an address only what is named changes", () => {
  const held = after(added, (h) => createPool(h, { pool: "gold", owner: "acme" }));
  const change = (wanted: object, h = held) => changeAddress(h, { address: IP, ...wanted }, NOW);
  assert.deepEqual(change({}), []);
  assert.deepEqual(change({ pool: "shared", standing: { kind: "warming", day: 1 } }), []);
  assert.deepEqual(change({ pool: "gold" })[0]!.data, { address: IP, pool: "gold" });
  assert.deepEqual(change({ standing: { kind: "warming", day: 5 } })[0]!.data, {
    address: IP,
    standing: { kind: "warming", day: 5, date: "2026-11-22" },
  });
  const warm = after(
    added,
    (h) => changeAddress(h, { address: IP, standing: { kind: "warm" } }, NOW),
  );
  assert.deepEqual(warm.sending.addresses.get(IP)!.state, { kind: "warm" });
  refuses("unknown", /no source address/, () => changeAddress(held, { address: "192.0.2.9" }, NOW));
  const short = after(
    added,
    (h) => changeAddress(h, { address: IP, standing: { kind: "warming", day: 5 } }, NOW),
    (h) =>
      defineCalendar(h, {
        calendar: "short",
        days: [1, 2],
        increment: 0,
        lastDay: 2,
        providers: {},
      }),
  );
  refuses("invalid", /day 5 is none/, () => change({ calendar: "short" }, short));
  const gone = after(added, (h) => removeAddress(h, { address: IP }));
  assert.equal(gone.sending.addresses.size, 0);
  refuses("unknown", /no source address/, () => removeAddress(gone, { address: IP }));
});

Deno.test("a pause keeps where the address stood, and ends by time or by hand", () => {
  const pause = (until: number | null): Decide => (h) =>
    pauseAddress(h, { address: IP, until, reason: "a test" }, NOW);
  const resume: Decide = (h) => resumeAddress(h, { address: IP }, NOW);
  const paused = after(added, pause(NOW + DAY));
  const source = paused.sending.addresses.get(IP)!;
  assert.equal(stateAt(source, NOW).kind, "paused");
  assert.equal(stateAt(source, NOW + DAY).kind, "warming");
  assert.deepEqual(pause(NOW + DAY)(paused), []);
  assert.equal(pause(null)(paused).length, 1);
  refuses("invalid", /after now/, () => pause(NOW)(paused));
  const wanted = { address: IP, standing: { kind: "warm" } } as const;
  refuses("forbidden", /resume it first/, () => changeAddress(paused, wanted, NOW));
  assert.equal(after(added, pause(null), resume).sending.addresses.get(IP)!.state.kind, "warming");
  assert.deepEqual(resume(after(added)), []);
  const retired = after(
    added,
    pause(null),
    (h) => changeAddress(h, { address: IP, standing: { kind: "retired" } }, NOW),
  );
  assert.equal(retired.sending.addresses.get(IP)!.state.kind, "retired");
  refuses("forbidden", /retired/, () => pause(null)(retired));
});

Deno.test("pools belong to all or to one account, and serve no other", () => {
  const gold: Decide = (h) => createPool(h, { pool: "gold", owner: "acme" });
  const held = after(gold, (h) => createPool(h, { pool: "blue", owner: null }));
  for (const pool of ["", "Gold", "a b", "-a", "x".repeat(33)]) {
    refuses("invalid", /no name for a pool/, () => createPool(held, { pool, owner: null }));
  }
  refuses("taken", /already/, () => createPool(held, { pool: "shared", owner: null }));
  refuses("unknown", /no account/, () => createPool(held, { pool: "new", owner: "nobody" }));
  const assign = (account: string, pools: string[], overflow: string | null, h = held) =>
    assignPools(h, { account, pools, overflow });
  assert.deepEqual(assign("acme", ["gold"], "shared"), [{
    type: "settings.pools-assigned",
    account: "acme",
    data: { pools: ["gold"], overflow: "shared" },
  }]);
  assert.deepEqual(assign("acme", ["shared"], null), [], "as it is without");
  refuses("forbidden", /another account/, () => assign("other", ["gold"], null));
  refuses("forbidden", /another account/, () => assign("other", ["shared"], "gold"));
  refuses("unknown", /no pool/, () => assign("acme", ["red"], null));
  refuses("invalid", /twice/, () => assign("acme", ["gold"], "gold"));
  refuses("invalid", /at least/, () => assign("acme", [], "shared"));
  refuses("unknown", /no account/, () => assign("nobody", ["shared"], null));

  const used = after(
    gold,
    (h) => changePool(h, { pool: "gold", owner: null }),
    (h) => assign("other", ["gold"], "shared", h),
  );
  refuses("forbidden", /serves other too/, () => changePool(used, { pool: "gold", owner: "acme" }));
  assert.equal(changePool(used, { pool: "gold", owner: "other" }).length, 1);
  assert.deepEqual(changePool(used, { pool: "gold", owner: null }), []);
  refuses("forbidden", /every account/, () => changePool(used, { pool: "shared", owner: "acme" }));
});

Deno.test("a calendar that falls or ends too soon is refused in words", () => {
  const good = { calendar: "slow", days: [10, 20], increment: 5, lastDay: 9, providers: {} };
  const define = (wrong: object) => defineCalendar(after(), { ...good, ...wrong });
  assert.equal(define({}).length, 1);
  assert.deepEqual(defineCalendar(after(() => define({})), good), []);
  refuses("invalid", /day 2 allows less than day 1/, () => define({ days: [20, 10] }));
  refuses("invalid", /comes before the 2 days/, () => define({ lastDay: 1 }));
  refuses("invalid", /share/, () => define({ providers: { "Not one": 0.5 } }));
  refuses("invalid", /days/, () => define({ days: [] }));
});

Deno.test("rules of one's own replace shipped ones, and both can be switched off", () => {
  const [shipped] = SHAPING_RULES;
  const off = switchRule(after(), { rule: shipped!.name, on: false });
  assert.deepEqual(off[0]!.data, { ...ruleAsDefined(shipped!), on: false });
  assert.deepEqual(switchRule(after(), { rule: shipped!.name, on: true }), []);
  const on = switchRule(after(() => off), { rule: shipped!.name, on: true });
  assert.deepEqual(on[0]!.data, ruleAsDefined(shipped!));
  refuses("unknown", /no rule/, () => switchRule(after(), { rule: "no-such", on: false }));

  const mine = { ...ruleAsDefined(shipped!), rule: "mine" };
  const define = (wrong: object) => defineRule(after(), { ...mine, ...wrong });
  assert.equal(define({}).length, 1);
  refuses("invalid", /names no code/, () => define({ codes: null, enhanced: null, text: null }));
  refuses("invalid", /regular expression/i, () => define({ text: "(" }));
  refuses("unknown", /no pool/, () => define({ action: { kind: "switch-pool", pool: "red" } }));
});

Deno.test("each shipped rule can be written as settings", () => {
  for (const { name } of SHAPING_RULES) {
    assert.equal(switchRule(after(), { rule: name, on: false }).length, 1, name);
  }
});
