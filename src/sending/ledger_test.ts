import assert from "node:assert/strict";
import fc from "fast-check";
import { LEDGER, Ledger } from "./ledger.ts";
import { hourCap, releasedBy } from "./allowance.ts";
import { NO_SENDING, type SendingState } from "./model.ts";
import { chunkOf, hourKey, type Quota, quotasOf } from "./quota.ts";
import { BLANK, giveBack, lend, lentTo, type Sheet, taken } from "./places.ts";
import { createReserver } from "./reserve.ts";
import { createSheets } from "./sheets.ts";
import { evolveSending } from "./state.ts";
import { memoryRegisters, nothingBefore } from "./test_registers.ts";
import { fact } from "./test_state.ts";
import { DAY, HOUR, hourOf, MINUTE, SLOT, startOf } from "./time.ts";

const MIDNIGHT = Date.UTC(2026, 10, 22);

function warming(cap: number, providers: Record<string, number> = {}): SendingState {
  return [
    fact("settings.calendar-defined", {
      calendar: "c",
      days: [cap],
      increment: cap,
      lastDay: 9,
      providers,
    }),
    fact("settings.address-added", {
      address: "192.0.2.1",
      ehlo: "out.example",
      pool: "shared",
      calendar: "c",
      standing: { kind: "warming", day: 1, date: "2026-11-22" },
    }),
  ].reduce(evolveSending, NO_SENDING);
}
function quotas(state: SendingState, at: number, provider = "google"): Quota[] {
  return quotasOf(state, state.addresses.get("192.0.2.1")!, provider, at);
}

Deno.test("a sheet for the address and the hour, one more where the calendar shares out", () => {
  const at = MIDNIGHT + 9 * HOUR + 7 * MINUTE;
  const [all, google] = quotas(warming(10_000, { google: 0.25 }), at);
  assert.deepEqual(all, {
    key: "warmup.192-0-2-1.20261122.09",
    limit: releasedBy(10_000, at),
    hourly: hourCap(10_000, 9),
    until: MIDNIGHT + 10 * HOUR,
    nextAt: MIDNIGHT + 9 * HOUR + 10 * MINUTE,
  });
  assert.equal(google!.key, "warmup.192-0-2-1.20261122.09.google");
  assert.equal(google!.hourly, hourCap(2500, 9));
  assert.equal(quotas(warming(10_000, { google: 0.25 }), at, "orange").length, 1);
  assert.match(hourKey("2001:db8::1", at), /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/);
});

Deno.test("chunks: one by one at first, 2 % of the hour later", () => {
  assert.deepEqual([2, 50, 99, 100, 417, 20_833].map((hourly) => chunkOf({ hourly })), [
    1,
    1,
    1,
    2,
    8,
    416,
  ]);
});

Deno.test("nothing is begun that might arrive in the next hour", () => {
  const ledger = new Ledger();
  const [early] = quotas(warming(1200), MIDNIGHT);
  ledger.saw(early!, { total: 2, lent: 2 }, MIDNIGHT);
  const late = MIDNIGHT + HOUR - LEDGER.guardMs;
  const [quota] = quotas(warming(1200), late);
  assert.deepEqual(ledger.want(quota!, late), { kind: "wait", until: MIDNIGHT + HOUR });
  assert.equal(ledger.left(quota!, late), 0);
  assert.equal(ledger.spend(quota!.key, late), false);
});

Deno.test("what is given back is room for the next slot", () => {
  const ledger = new Ledger();
  const [first] = quotas(warming(24_000), MIDNIGHT);
  assert.equal(first!.limit, 83);
  ledger.saw(first!, { total: 83, lent: 13 }, MIDNIGHT);
  for (let i = 0; i < 13; i++) assert.ok(ledger.spend(first!.key, MIDNIGHT));
  assert.equal(ledger.left(first!, MIDNIGHT), 0);
  assert.deepEqual(ledger.want(first!, MIDNIGHT), {
    kind: "wait",
    until: MIDNIGHT + LEDGER.recheckMs,
  });
  const [next] = quotas(warming(24_000), MIDNIGHT + SLOT);
  assert.equal(ledger.left(next!, MIDNIGHT + SLOT), 166 - 83);
  ledger.putBack(first!.key);
  assert.deepEqual(ledger.release(MIDNIGHT + SLOT), [{ key: first!.key, amount: 1 }]);
  assert.equal(ledger.left(next!, MIDNIGHT + SLOT), 166 - 82);
  assert.deepEqual(ledger.release(MIDNIGHT + HOUR), []);
  assert.equal(ledger.spend(first!.key, MIDNIGHT), false);
});

/** What may happen to a platform of several nodes, at any moment. */
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("send" as const), node: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(20 * MINUTE) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("crash" as const), node: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("idle" as const), node: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), node: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unused" as const), node: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("stall" as const), node: fc.nat(3) }) },
);

/**
 * Runs steps on four nodes whose only common thing is the sheets. A node is in the midst of at most
 * one conversation with a sheet (`stall`: the answer is still on its way while others go on); a crash
 * forgets the node's ledger, and with it that conversation.
 */
function run(cap: number, steps: { do: string; node?: number; ms?: number }[]) {
  const state = warming(cap);
  const sheets = new Map<string, Sheet>();
  let named = 0;
  const start = () => ({
    name: `n${named++}`,
    ledger: new Ledger(),
    pending: null as null | (() => void),
  });
  const nodes = Array.from({ length: 4 }, start);
  const sent: number[] = [];
  let now = MIDNIGHT;

  function send(node: typeof nodes[number], mode: string): void {
    node.pending?.();
    node.pending = null;
    const [quota] = quotas(state, now);
    for (;;) {
      const want = node.ledger.want(quota!, now);
      if (want.kind === "wait") return;
      if (want.kind === "held") {
        if (!node.ledger.spend(quota!.key, now)) return;
        if (mode === "unused") node.ledger.putBack(quota!.key);
        else sent.push(now);
        return;
      }
      const before = sheets.get(quota!.key) ?? BLANK;
      const { amount } = want;
      const after = lend(before, { node: node.name, amount }, quota!.limit) ?? before;
      sheets.set(quota!.key, after);
      const lent = lentTo(after, node.name) - lentTo(before, node.name);
      if (mode === "lose") return;
      const seen = now;
      const saw = () => node.ledger.saw(quota!, { total: taken(after), lent }, seen);
      if (mode === "stall") return void (node.pending = saw);
      saw();
    }
  }
  const give = (node: typeof nodes[number], all: boolean) => {
    node.pending?.();
    node.pending = null;
    for (const { key, amount } of node.ledger.release(now, all)) {
      const sheet = sheets.get(key)!;
      const left = lentTo(sheet, node.name) - amount;
      sheets.set(key, giveBack(sheet, { node: node.name, left })!);
    }
  };
  for (const step of steps) {
    if (step.do === "pass") now += step.ms!;
    else if (step.do === "crash") {
      nodes[step.node!] = start();
    } else if (step.do === "idle") give(nodes[step.node!]!, false);
    else send(nodes[step.node!]!, step.do);
  }
  return {
    state,
    sent,
    now: () => now,
    drain: () => nodes.forEach((node) => give(node, true)),
    sendOn: (node: number) => send(nodes[node]!, "send"),
    setNow: (at: number) => now = at,
  };
}

function assertWithinCaps(sent: number[], cap: number): void {
  const byHour = new Map<number, number>();
  const byDay = new Map<number, number>();
  for (const at of sent.toSorted((a, b) => a - b)) {
    const hour = startOf(at, HOUR);
    const day = startOf(at, DAY);
    byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
    byDay.set(day, (byDay.get(day) ?? 0) + 1);
    assert.ok(byHour.get(hour)! <= releasedBy(cap, at), "more than was released");
  }
  for (const [hour, n] of byHour) assert.ok(n <= hourCap(cap, hourOf(hour)));
  for (const n of byDay.values()) assert.ok(n <= cap);
}

const caps = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 20_000 }));

Deno.test("no order of sending, crashes, lost answers and give-backs exceeds a cap", () => {
  fc.assert(
    fc.property(caps, fc.array(step, { maxLength: 400 }), (cap, steps) => {
      assertWithinCaps(run(cap, steps).sent, cap);
    }),
    { numRuns: 300 },
  );
});

Deno.test("without crashes the hour's allowance is met exactly", () => {
  const honest = fc.array(
    step.filter(({ do: what }) => what !== "crash" && what !== "lose" && what !== "pass"),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(caps, honest, fc.integer({ min: 0, max: 11 }), (cap, steps, slot) => {
      const platform = run(cap, steps);
      platform.drain();
      const at = MIDNIGHT + slot * SLOT + LEDGER.recheckMs;
      platform.setNow(at);
      const allowed = releasedBy(cap, at);
      for (let i = 0; i < allowed * 4 + 4; i++) platform.sendOn(i % 4);
      platform.drain();
      platform.setNow(at + LEDGER.recheckMs);
      for (let i = 0; i < 1200; i++) platform.sendOn(i % 4);
      assert.equal(platform.sent.length, allowed);
    }),
    { numRuns: 100 },
  );
});

Deno.test("the reserver: one of each quota or none, answers shared, failures felt by all", async () => {
  const state = warming(2400, { google: 0.02 });
  let fails = false;
  const memory = memoryRegisters(async () => {
    await Promise.resolve();
    if (fails) throw new Error("the log is away");
  });
  const reserver = createReserver({
    ledger: new Ledger(),
    sheets: createSheets({ registers: memory.registers, before: nothingBefore }),
    node: "n",
    now: () => MIDNIGHT + 55 * MINUTE,
  });
  const now = quotas(state, MIDNIGHT + 55 * MINUTE);
  assert.deepEqual(now.map((q) => q.limit), [100, 2]);
  const copies = ["a", "b", "c", "d"];
  const had = await Promise.all(copies.map((copy) => reserver.reserve(now, copy)));
  assert.deepEqual(had.map((r) => r !== null), [true, true, false, false]);
  await had[0]!.unused();
  await had[0]!.unused();
  assert.notEqual(await reserver.reserve(now, "e"), null);
  assert.equal(await reserver.reserve(now, "f"), null);
  assert.deepEqual(Object.keys(memory.sheet(now[1]!.key)!.held), ["b", "e"]);
  await reserver.release(true);
  assert.deepEqual(memory.taken(), [2, 2]);
  fails = true;
  const others = quotas(state, MIDNIGHT + 55 * MINUTE, "orange");
  await assert.rejects(reserver.reserve(others, "g"), /the log is away/);
});
