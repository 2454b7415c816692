import assert from "node:assert/strict";
import fc from "fast-check";
import { hourCap, releasedBy } from "./allowance.ts";
import { type Chooser, createChooser } from "./chooser.ts";
import { LEDGER, Ledger } from "./ledger.ts";
import type { SendingState } from "./model.ts";
import { address, fact, given } from "./test_state.ts";
import { DAY, HOUR, hourOf, SLOT, startOf } from "./time.ts";

const MIDNIGHT = Date.UTC(2026, 10, 22);
const date = "2026-11-22";

function state(cap: number, { overflow = true, share = null as number | null } = {}): SendingState {
  return given(
    fact("settings.calendar-defined", {
      calendar: "c",
      days: [cap],
      increment: 0,
      lastDay: 30,
      providers: share === null ? {} : { google: share },
    }),
    fact("settings.pool-created", { pool: "acme", kind: "dedicated", owner: "acme" }),
    fact("settings.pools-assigned", { pools: ["acme"], overflow: overflow ? "shared" : null }, {
      account: "acme",
    }),
    address("192.0.2.1", "acme", { day: 1, date, calendar: "c" }),
    address("192.0.2.2", "acme", { day: 1, date, calendar: "c" }),
    address("198.51.100.1", "shared"),
  );
}

/** Nodes that share only counters, whose answers come in any order. */
function platform(settled: SendingState, nodes: number, after: (i: number) => Promise<void>) {
  const counters = new Map<string, number>();
  const clock = { at: MIDNIGHT };
  const sent: { at: number; address: string | null; pool: string; provider: string }[] = [];
  let asked = 0;
  const add = async (key: string, n: number) => {
    const total = (counters.get(key) ?? 0) + n;
    counters.set(key, total);
    await after(asked++);
    return total;
  };
  const start = (): Chooser =>
    createChooser({ state: () => settled, ledger: new Ledger(), add, now: () => clock.at });
  const choosers = Array.from({ length: nodes }, start);
  async function send(node: number, provider = "google"): Promise<void> {
    const chooser = choosers[node]!;
    const chosen = await chooser.choose({ account: "acme", provider });
    // A node that died meanwhile sends nothing.
    if (chosen.kind === "send" && choosers[node] === chooser) {
      sent.push({ at: clock.at, address: chosen.address, pool: chosen.pool, provider });
    }
  }
  return {
    clock,
    sent,
    counters,
    send,
    choosers,
    kill: (node: number) => void (choosers[node] = start()),
  };
}
const soon = () => Promise.resolve();

function assertCaps(sent: ReturnType<typeof platform>["sent"], cap: number): void {
  const hours = Map.groupBy(
    sent.filter((s) => s.pool === "acme"),
    (s) => `${s.address} ${startOf(s.at, HOUR)}`,
  );
  for (const all of hours.values()) {
    const last = Math.max(...all.map((s) => s.at));
    assert.ok(all.length <= releasedBy(cap, last));
  }
}

Deno.test("5,000 at once on two nodes: exactly the allowance, the rest at once by the overflow", async () => {
  const { clock, sent, send } = platform(state(50), 2, soon);
  clock.at += 9 * HOUR;
  await Promise.all(Array.from({ length: 5000 }, (_, i) => send(i % 2)));
  assert.equal(sent.length, 5000);
  assert.equal(sent.filter((s) => s.pool === "acme").length, 2 * hourCap(50, 9));
});

Deno.test("5,000 over a day on two nodes, one killed at noon: the cap less what died, no more", async () => {
  for (const killed of [false, true]) {
    const { clock, sent, send, kill } = platform(state(50), 2, soon);
    for (let i = 0; i < 5000; i++) {
      clock.at = MIDNIGHT + Math.floor(i * DAY / 5000);
      const sending = send(i % 2);
      if (killed && i === 2500) kill(0);
      await sending;
    }
    const own = sent.filter((s) => s.pool === "acme");
    assert.ok(killed ? own.length >= 99 && own.length <= 100 : own.length === 100);
    assert.ok(sent.length >= 4999);
    assertCaps(sent, 50);
    for (let hour = 0; hour < 24; hour++) {
      const inHour = own.filter((s) => hourOf(s.at) === hour && s.address === "192.0.2.1");
      assert.ok(inHour.length <= hourCap(50, hour));
    }
  }
});

Deno.test("demand without end through all slots of an hour: exactly the hour's allowance", async () => {
  const cap = 7000;
  const { clock, sent, send, counters } = platform(state(cap), 3, soon);
  for (let slot = 0; slot < 12; slot++) {
    await Promise.all(Array.from({ length: 300 }, (_, i) => send(i % 3)));
    assertCaps(sent, cap);
    clock.at += SLOT;
  }
  const own = Map.groupBy(sent.filter((s) => s.pool === "acme"), (s) => s.address);
  assert.deepEqual([...own.values()].map((all) => all.length), [hourCap(cap, 0), hourCap(cap, 0)]);
  assert.deepEqual([...counters.values()], [hourCap(cap, 0), hourCap(cap, 0)]);
});

Deno.test("whatever answers cross, nodes die and time passes: no cap is exceeded", async () => {
  const event = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant("burst"), node: fc.nat(2), n: fc.nat(30) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("pass"), node: fc.nat(2), n: fc.nat(30) }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("kill"), node: fc.nat(2), n: fc.nat(1) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("release"), node: fc.nat(2), n: fc.nat(1) }),
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 6000 }),
      fc.constantFrom(null, 0.1),
      fc.array(event, { maxLength: 25 }),
      fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }),
      async (cap, share, events, delays) => {
        const { clock, sent, send, kill, choosers } = platform(
          state(cap, { share }),
          3,
          async (i) => {
            for (let n = delays[i % delays.length]!; n > 0; n--) await Promise.resolve();
          },
        );
        let under: Promise<void>[] = [];
        for (const { do: what, node, n } of events) {
          if (what === "burst") under.push(...Array.from({ length: n }, () => send(node)));
          else if (what === "kill") kill(node);
          else if (what === "release") under.push(choosers[node]!.release());
          else {
            await Promise.all(under);
            under = [];
            clock.at += n * 60_000;
          }
          await Promise.resolve();
        }
        await Promise.all(under);
        assertCaps(sent, cap);
        if (share !== null) {
          assertCaps(sent.filter((s) => s.provider === "google"), Math.floor(cap * share));
        }
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("nothing was begun: the place goes to another message", async () => {
  const { clock, choosers } = platform(state(24, { overflow: false }), 1, soon);
  const ask = () => choosers[0]!.choose({ account: "acme", provider: "google" });
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual([first.kind, second.kind], ["send", "send"]);
  assert.equal(first.kind === "send" && first.beginBy, clock.at + HOUR - LEDGER.guardMs);
  const third = await ask();
  assert.equal(third.kind, "wait");
  assert.equal(third.kind === "wait" && third.until, clock.at + HOUR);
  if (first.kind === "send") first.unused();
  const again = await ask();
  assert.equal(again.kind === "send" && again.address, first.kind === "send" && first.address);
});

Deno.test("a pace that a measure sets, and connections that are all in use", async () => {
  const measure = fact("shaping.applied", {
    rule: "r",
    provider: "google",
    address: null,
    pool: "shared",
    action: { kind: "slow", perMinute: 6 },
    until: MIDNIGHT + DAY,
    figures: {},
    words: "",
  });
  const slow = given(address("198.51.100.1", "shared"), measure);
  const chooser = createChooser({
    state: () => slow,
    ledger: new Ledger(LEDGER),
    add: () => Promise.reject(new Error("no counter is asked")),
    now: () => MIDNIGHT,
    freeAt: (_ip, provider, { connections }) => provider === "orange" ? MIDNIGHT + connections : 0,
  });
  const first = await chooser.choose({ account: "b", provider: "google" });
  assert.equal(first.kind === "send" && first.limits.perMinute, 6);
  assert.equal(first.kind === "send" && first.beginBy, null);
  const next = await chooser.choose({ account: "b", provider: "google" });
  assert.equal(next.kind === "wait" && next.until, MIDNIGHT + 10_000);
  const orange = await chooser.choose({ account: "b", provider: "orange" });
  assert.equal(orange.kind === "wait" && orange.until, MIDNIGHT + 3);
});
