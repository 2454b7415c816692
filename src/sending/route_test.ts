import assert from "node:assert/strict";
import fc from "fast-check";
import type { Event } from "../events/mod.ts";
import { hourCap, releasedBy } from "./allowance.ts";
import type { Candidate } from "./candidates.ts";
import { hourKey, quotasOf } from "./quota.ts";
import { type Look, type Question, route, routeMany, type View } from "./route.ts";
import { address, fact, given } from "./test_state.ts";
import { DAY, HOUR, hourOf, MINUTE, SLOT } from "./time.ts";
import { viewOf } from "./view.ts";

const MIDNIGHT = Date.UTC(2026, 10, 22);
const date = "2026-11-22";
const pool = (name: string, owner: string | null) =>
  fact("settings.pool-created", {
    pool: name,
    kind: owner === null ? "shared" : "dedicated",
    owner,
  });
const assign = (account: string, pools: string[], overflow: string | null) =>
  fact("settings.pools-assigned", { pools, overflow }, { account });
const acme = [
  pool("acme", "acme"),
  assign("acme", ["acme"], "shared"),
  address("192.0.2.1", "acme", { day: 1, date }),
  address("192.0.2.2", "acme", { day: 1, date }),
  address("192.0.2.9", "shared"),
];
const at = MIDNIGHT + 9 * HOUR;
const ask = (more: Partial<Question> = {}): Question => ({
  account: "acme",
  provider: "google",
  at,
  ...more,
});
const free: View = { left: Infinity, moreAt: null, used: 0, weight: 1, paceAt: 0 };
const all = (views: Record<string, Partial<View>> = {}): Look => (candidate) => ({
  ...free,
  ...views[candidate.ip ?? "system"],
});

Deno.test("warming addresses first, then the overflow, and why", () => {
  const state = given(...acme);
  const first = route(state, ask(), all({ "192.0.2.1": { used: 1, weight: 2, left: 1 } }));
  assert.deepEqual(first, {
    kind: "send",
    address: "192.0.2.2",
    ehlo: "out-192-0-2-2.mta.example",
    pool: "acme",
    why: { rule: "warm-up", figures: { addresses: 2, day: 1, sentThisHour: 0, hour: 1 } },
  });
  const none = { left: 0, moreAt: at + HOUR };
  const over = route(state, ask(), all({ "192.0.2.1": none, "192.0.2.2": none }));
  assert.deepEqual(over, {
    kind: "send",
    address: "192.0.2.9",
    ehlo: "out-192-0-2-9.mta.example",
    pool: "shared",
    why: {
      rule: "overflow",
      figures: { addresses: 1 },
      alternatives: [
        { address: "192.0.2.1", pool: "acme", rule: "warm-up-day-1", until: at + HOUR },
        { address: "192.0.2.2", pool: "acme", rule: "warm-up-day-1", until: at + HOUR },
      ],
    },
  });
});

Deno.test("an account without pools uses the shared one; without addresses the system's", () => {
  const other = route(given(...acme), ask({ account: "other" }), all());
  assert.equal(other.kind === "send" && other.address, "192.0.2.9");
  assert.deepEqual(other.why, { rule: "shared-pool", figures: { addresses: 1 } });
  const bare = route(given(), ask(), all());
  assert.deepEqual(bare, {
    kind: "send",
    address: null,
    ehlo: null,
    pool: "shared",
    why: { rule: "shared-pool", figures: { addresses: 1 } },
  });
});

Deno.test("warm addresses take turns by what they sent; a warming one among them comes first", () => {
  const warm = [pool("acme", "acme"), assign("acme", ["acme"], null), address("192.0.2.3", "acme")];
  const state = given(...warm, address("192.0.2.4", "acme"));
  const turn = route(state, ask(), all({ "192.0.2.3": { used: 5 }, "192.0.2.4": { used: 4 } }));
  assert.equal(turn.kind === "send" && turn.address, "192.0.2.4");
  const young = given(...warm, address("192.0.2.5", "acme", { day: 3, date }));
  const first = route(young, ask(), all({ "192.0.2.5": { used: 9, weight: 20 } }));
  assert.equal(first.kind === "send" && first.address, "192.0.2.5");
});

Deno.test("what is paused, retired, suspended or at its pace is passed over, and says why", () => {
  const paused = fact("address.paused", {
    address: "192.0.2.1",
    until: at + 2 * HOUR,
    rule: "complaints-1h",
    figures: {},
    words: "",
  });
  const suspend = (scope: "address" | "provider", rule = "tss04") =>
    fact("shaping.applied", {
      rule,
      provider: "yahoo",
      address: scope === "address" ? "192.0.2.2" : null,
      pool: "acme",
      action: { kind: "suspend", scope },
      until: at + HOUR,
      figures: {},
      words: "",
    }, { at });
  const state = given(...acme, paused, suspend("address"));
  const yahoo = route(state, ask({ provider: "yahoo" }), all());
  assert.equal(yahoo.kind === "send" && yahoo.pool, "shared");
  assert.deepEqual(yahoo.why.alternatives!.map((a) => a.rule), [
    "paused:complaints-1h",
    "suspended:tss04",
  ]);
  const google = route(state, ask(), all());
  assert.equal(google.kind === "send" && google.address, "192.0.2.2");
  const later = route(state, ask({ provider: "yahoo", at: at + HOUR }), all());
  assert.equal(later.kind === "send" && later.address, "192.0.2.2");
  const resumed = given(
    ...acme,
    paused,
    fact("address.resumed", { address: "192.0.2.1", words: "" }),
  );
  assert.equal(route(resumed, ask(), all()).why.alternatives, undefined);
  const closed = route(
    given(...acme, suspend("provider", "busy")),
    ask({ provider: "yahoo" }),
    all(),
  );
  assert.deepEqual(closed.kind === "wait" && closed.until, at + HOUR);
  const retired = fact("settings.address-changed", {
    address: "192.0.2.9",
    standing: { kind: "retired" },
  });
  const slow = route(
    given(...acme, retired),
    ask(),
    all({ "192.0.2.1": { paceAt: at + 500 }, "192.0.2.2": { left: 0, moreAt: at + SLOT } }),
  );
  assert.deepEqual(slow.kind === "wait" && slow.until, at + 500);
  assert.equal(slow.why.rule, "no-address-free");
});

Deno.test("a switched pool stands in; another account's pool never does", () => {
  const switched = (to: string) =>
    fact("shaping.applied", {
      rule: "s",
      provider: "google",
      address: "192.0.2.1",
      pool: "acme",
      action: { kind: "switch-pool", pool: to },
      until: at + HOUR,
      figures: {},
      words: "",
    }, { at });
  const to = route(given(...acme, switched("shared")), ask(), all());
  assert.equal(to.kind === "send" && to.address, "192.0.2.9");
  assert.deepEqual(to.why, {
    rule: "switched-pool",
    figures: { addresses: 1, instead: "acme" },
  });
  const theirs = [pool("b", "b"), address("192.0.2.7", "b"), switched("b")];
  const stays = route(given(...acme, ...theirs), ask(), all());
  assert.equal(stays.kind === "send" && stays.pool, "acme");
  const wrong = route(given(...theirs, assign("acme", ["b"], null)), ask(), all());
  assert.deepEqual(wrong, {
    kind: "wait",
    until: null,
    why: { rule: "no-address-free", figures: { addresses: 0 } },
  });
});

Deno.test("a day nobody decided about has the cap of the day before", () => {
  const state = given(address("192.0.2.1", "shared", { day: 3, date }));
  const [quota] = quotasOf(state, state.addresses.get("192.0.2.1")!, "google", at + DAY);
  assert.equal(quota!.hourly, hourCap(100, 9));
  const early = quotasOf(state, state.addresses.get("192.0.2.1")!, "google", at - DAY);
  assert.deepEqual([early[0]!.hourly, early[0]!.nextAt], [0, null]);
});

/** A small platform: its addresses, and mail that arrives, fails and comes again. */
const setUp = fc.record({
  caps: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 4 }),
  warm: fc.nat(2),
  overflow: fc.boolean(),
  share: fc.constantFrom(null, 0.1, 0.5),
  arrivals: fc.array(
    fc.record({
      after: fc.nat(40 * MINUTE),
      many: fc.nat(60),
      provider: fc.constantFrom("google", "orange"),
      fate: fc.constantFrom("sent", "sent", "retried", "lost"),
    }),
    { maxLength: 60 },
  ),
});

function platform(
  { caps, warm, overflow, share }: {
    caps: number[];
    warm: number;
    overflow: boolean;
    share: number | null;
  },
) {
  const facts: Event[] = [
    pool("acme", "acme"),
    assign("acme", ["acme"], overflow ? "shared" : null),
  ];
  caps.forEach((cap, i) => {
    facts.push(fact("settings.calendar-defined", {
      calendar: `c${i}`,
      days: [cap],
      increment: 0,
      lastDay: 30,
      providers: share === null ? {} : { google: share },
    }));
    facts.push(address(`192.0.2.${i + 1}`, "acme", { day: 1, date, calendar: `c${i}` }));
  });
  for (let i = 0; i < warm; i++) facts.push(address(`198.51.100.${i + 1}`, "shared"));
  const state = given(...facts);
  const taken = new Map<string, number>();
  const sent = new Map<string, number>();
  const look: Look = (candidate, { provider, at }) => {
    const source = candidate.ip === null ? undefined : state.addresses.get(candidate.ip);
    const quotas = source === undefined ? [] : quotasOf(state, source, provider, at);
    const leftOf = (quota: { key: string; limit: number }) =>
      Math.max(0, quota.limit - (taken.get(quota.key) ?? 0));
    return viewOf(quotas, leftOf, { warm: sent.get(candidate.ip ?? "") ?? 0, paceAt: 0 });
  };
  const record = (ip: string | null, provider: string, at: number, count = 1) => {
    const source = ip === null ? undefined : state.addresses.get(ip);
    const quotas = source === undefined ? [] : quotasOf(state, source, provider, at);
    for (const { key } of quotas) taken.set(key, (taken.get(key) ?? 0) + count);
    if (quotas.length === 0) sent.set(ip ?? "", (sent.get(ip ?? "") ?? 0) + count);
  };
  return { state, look, record };
}

Deno.test("no arrivals, retries or losses exceed a cap; nobody waits while an address is free", () => {
  fc.assert(fc.property(setUp, (set) => {
    const { state, look, record } = platform(set);
    const byHour = new Map<string, number>();
    let now = MIDNIGHT;
    for (const { after, many, provider, fate } of set.arrivals) {
      now += after;
      for (let i = 0; i < (fate === "retried" ? many * 2 : many); i++) {
        const question = { account: "acme", provider, at: now };
        const result = route(state, question, look);
        if (result.kind === "wait") {
          assert.ok(!set.overflow);
          for (const source of state.addresses.values()) {
            if (source.pool === "acme") assert.ok(look(source as Candidate, question).left <= 0);
          }
          assert.ok(result.until === null || result.until > now);
          continue;
        }
        record(result.address, provider, now);
        if (fate === "lost" || result.pool !== "acme") continue;
        for (const name of ["", `.${provider}`]) {
          const key = hourKey(result.address!, now) + name;
          byHour.set(key, (byHour.get(key) ?? 0) + 1);
        }
        const cap = set.caps[Number(result.address!.split(".")[3]) - 1]!;
        assert.ok(byHour.get(hourKey(result.address!, now))! <= releasedBy(cap, now));
        if (provider === "google" && set.share !== null) {
          const most = hourCap(Math.floor(cap * set.share), hourOf(now));
          assert.ok(byHour.get(`${hourKey(result.address!, now)}.google`)! <= most);
        }
      }
    }
  }));
});

Deno.test("many at once go as one by one", () => {
  fc.assert(fc.property(setUp, (set) => {
    const one = platform(set);
    const many = platform(set);
    let now = MIDNIGHT;
    for (const { after, many: count, provider } of set.arrivals) {
      now += after;
      const question = { account: "acme", provider, at: now };
      const expected = new Map<string | null, number>();
      let waiting = 0;
      for (let i = 0; i < count; i++) {
        const result = route(one.state, question, one.look);
        if (result.kind === "wait") waiting++;
        else {
          one.record(result.address, provider, now);
          expected.set(result.address, (expected.get(result.address) ?? 0) + 1);
        }
      }
      const batch = routeMany(many.state, question, many.look, count);
      for (const { candidate, count } of batch.shares) {
        many.record(candidate.ip, provider, now, count);
      }
      assert.deepEqual(
        new Map(batch.shares.map(({ candidate, count }) => [candidate.ip, count])),
        expected,
      );
      assert.equal(batch.waiting, waiting);
    }
  }));
});
