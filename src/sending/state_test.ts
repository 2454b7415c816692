import assert from "node:assert/strict";
import { dayCap, NO_SENDING, stateAt } from "./model.ts";
import { evolveSending } from "./state.ts";
import { address, fact, given } from "./test_state.ts";
import { DAY } from "./time.ts";

const ip = "192.0.2.1";
const date = "2026-11-22";
const at = Date.parse(date);
const decided = (day: number, date: string) =>
  fact("address.warmup-advanced", {
    address: ip,
    day,
    date,
    cap: 1,
    rule: "r",
    figures: {},
    words: "",
  });
const paused = (until: number | null) =>
  fact("address.paused", { address: ip, until, rule: "r", figures: {}, words: "" });
const stateOf = (...facts: Parameters<typeof given>) => given(...facts).addresses.get(ip)?.state;

Deno.test("an address comes, changes and goes", () => {
  const added = address(ip, "shared", { day: 1, date });
  assert.deepEqual(given(added).addresses.get(ip), {
    ip,
    ehlo: "out-192-0-2-1.mta.example",
    pool: "shared",
    calendar: "default",
    state: { kind: "warming", day: 1, since: at },
    listed: new Set(),
  });
  const moved = given(added, fact("settings.address-changed", { address: ip, pool: "acme" }));
  assert.equal(moved.addresses.get(ip)!.pool, "acme");
  assert.equal(moved.addresses.get(ip)!.state.kind, "warming");
  const gone = given(added, fact("settings.address-removed", { address: ip }));
  assert.equal(gone.addresses.size, 0);
  const unknown = fact("settings.address-changed", { address: "192.0.2.7", pool: "x" });
  assert.equal(given(unknown), NO_SENDING);
});

Deno.test("decisions move the warm-up, also behind a pause; not of a retired address", () => {
  const added = address(ip, "shared", { day: 1, date });
  const next = { kind: "warming", day: 2, since: at + DAY };
  assert.deepEqual(stateOf(added, decided(2, "2026-11-23")), next);
  const behind = stateOf(added, paused(at + 3 * DAY), decided(2, "2026-11-23"));
  assert.deepEqual(behind, { kind: "paused", until: at + 3 * DAY, reason: "r", then: next });
  assert.deepEqual(stateAt({ state: behind! }, at + 3 * DAY), next);
  assert.equal(stateAt({ state: behind! }, at + 3 * DAY - 1).kind, "paused");
  const twice = stateOf(
    added,
    paused(at),
    paused(null),
    fact("address.resumed", {
      address: ip,
      words: "",
    }),
  );
  assert.deepEqual(twice, { kind: "warming", day: 1, since: at });
  const retired = fact("settings.address-changed", {
    address: ip,
    standing: { kind: "retired" },
  });
  assert.deepEqual(stateOf(added, retired, decided(2, date), paused(null)), { kind: "retired" });
  const finished = fact("address.warmup-finished", {
    address: ip,
    rule: "calendar-ended",
    figures: {},
    words: "",
  });
  assert.deepEqual(stateOf(added, finished), { kind: "warm" });
});

Deno.test("caps by day: before the start none, on an undecided day the careful one", () => {
  const calendar = NO_SENDING.calendars.get("default")!;
  const standing = { kind: "warming", day: 4, since: at } as const;
  assert.equal(dayCap(calendar, standing, at - 1), 0);
  assert.equal(dayCap(calendar, standing, at), 1000);
  assert.equal(dayCap(calendar, standing, at + DAY), 500);
  assert.equal(dayCap(calendar, { ...standing, day: 1 }, at + 9 * DAY), 50);
  assert.equal(dayCap(calendar, { kind: "warm" }, at), Infinity);
});

Deno.test("pools, assignments, calendars and block lists", () => {
  const state = given(
    address(ip, "acme"),
    fact("settings.pool-created", { pool: "acme", kind: "shared", owner: null }),
    fact("settings.pool-changed", { pool: "acme", kind: "dedicated", owner: "acme" }),
    fact("settings.pools-assigned", { pools: ["acme"], overflow: null }, { account: "acme" }),
    fact("settings.calendar-defined", {
      calendar: "own",
      days: [1],
      increment: 1,
      lastDay: 3,
      providers: {},
    }),
    fact("address.listed", { address: ip, list: "a.example", answers: ["127.0.0.2"], words: "" }),
    fact("address.listed", { address: ip, list: "b.example", answers: ["127.0.0.2"], words: "" }),
    fact("address.delisted", { address: ip, list: "a.example" }),
  );
  assert.deepEqual(state.pools.get("acme"), { name: "acme", kind: "dedicated", owner: "acme" });
  assert.deepEqual(state.assignments.get("acme"), { pools: ["acme"], overflow: null });
  assert.deepEqual(state.calendars.get("own")!.days, [1]);
  assert.deepEqual(state.addresses.get(ip)!.listed, new Set(["b.example"]));
});

Deno.test("measures come, are lifted, and those that are over go with the next", () => {
  const applied = (rule: string, until: number, at: number) =>
    fact("shaping.applied", {
      rule,
      provider: "yahoo",
      address: ip,
      pool: "shared",
      action: { kind: "slow", perMinute: 1 },
      until,
      figures: {},
      words: "",
    }, { at });
  const two = given(applied("a", 10, 0), applied("b", 20, 1));
  assert.deepEqual([...two.measures.values()].map((m) => [m.rule, m.from]), [["a", 0], ["b", 1]]);
  const lifted = evolveSending(
    two,
    fact("shaping.expired", { rule: "a", provider: "yahoo", address: ip, early: true }),
  );
  assert.deepEqual([...lifted.measures.values()].map((m) => m.rule), ["b"]);
  assert.deepEqual(
    [...evolveSending(two, applied("c", 30, 10)).measures.values()].map((m) => m.rule),
    ["b", "c"],
  );
});
