import assert from "node:assert/strict";
import fc from "fast-check";
import { hourCap, releasedBy } from "./allowance.ts";
import { type Chooser, createChooser } from "./chooser.ts";
import { LEDGER, Ledger } from "./ledger.ts";
import type { SendingState } from "./model.ts";
import { createSheets } from "./sheets.ts";
import { memoryRegisters, nothingBefore } from "./test_registers.ts";
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

/** Nodes that share only registers, whose answers come in any order. */
function platform(settled: SendingState, nodes: number, after: (i: number) => Promise<void>) {
  const clock = { at: MIDNIGHT };
  const sent: { at: number; address: string | null; pool: string; provider: string }[] = [];
  let asked = 0;
  let named = 0;
  const memory = memoryRegisters(() => after(asked++));
  const start = (): Chooser =>
    createChooser({
      state: () => settled,
      ledger: new Ledger(),
      sheets: createSheets({ registers: memory.registers, before: nothingBefore }),
      node: `n${named++}`,
      now: () => clock.at,
    });
  const choosers = Array.from({ length: nodes }, start);
  let made = 0;
  async function send(node: number, provider = "google"): Promise<void> {
    const chooser = choosers[node]!;
    const chosen = await chooser.choose({ account: "acme", provider, copy: `c${made++}` });
    // A node that died meanwhile sends nothing.
    if (chosen.kind !== "send" || choosers[node] !== chooser) return;
    if (await chosen.note?.() === false || choosers[node] !== chooser) return;
    sent.push({ at: clock.at, address: chosen.address, pool: chosen.pool, provider });
  }
  return {
    clock,
    sent,
    memory,
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

Deno.test("5,000 over a day on two nodes: the cap, hour by hour", async () => {
  const { clock, sent, send } = platform(state(50), 2, soon);
  for (let i = 0; i < 5000; i++) {
    clock.at = MIDNIGHT + Math.floor(i * DAY / 5000);
    await send(i % 2);
  }
  const own = sent.filter((s) => s.pool === "acme");
  assert.deepEqual([own.length, sent.length], [100, 5000]);
  assertCaps(sent, 50);
  for (let hour = 0; hour < 24; hour++) {
    const inHour = own.filter((s) => hourOf(s.at) === hour && s.address === "192.0.2.1");
    assert.equal(inHour.length, hourCap(50, hour));
  }
});

Deno.test("a copy that comes back has its place again, on whatever node, or leaves it to another", async () => {
  const { choosers: [one, other], memory, clock } = platform(state(24), 2, soon);
  const copy = (copy: string) => ({ account: "acme", provider: "google", copy });
  const first = await one!.choose(copy("a"));
  await one!.choose(copy("b"));
  assert(first.kind === "send" && first.pool === "acme");
  const late = await other!.choose(copy("c"));
  assert.equal(late.kind === "send" && late.pool, "shared");
  await other!.cameBack(copy("a"));
  const again = await other!.choose(copy("d"));
  assert(again.kind === "send");
  assert.equal(again.address, first.address);
  assert.equal(await first.note!(), false, "it is no longer where it was");
  assert.equal(await again.note!(), true);
  assert.deepEqual(memory.taken(), [1, 1]);
  // Nothing is asked of anybody for an account whose addresses have no cap.
  await other!.cameBack({ account: "b", provider: "google", copy: "e" });
  assert.equal(memory.keys().length, 2);
  assert.equal(clock.at, MIDNIGHT);
});

Deno.test("demand without end through all slots of an hour: exactly the hour's allowance", async () => {
  const cap = 7000;
  const { clock, sent, send, memory } = platform(state(cap), 3, soon);
  for (let slot = 0; slot < 12; slot++) {
    await Promise.all(Array.from({ length: 300 }, (_, i) => send(i % 3)));
    assertCaps(sent, cap);
    clock.at += SLOT;
  }
  const own = Map.groupBy(sent.filter((s) => s.pool === "acme"), (s) => s.address);
  assert.deepEqual([...own.values()].map((all) => all.length), [hourCap(cap, 0), hourCap(cap, 0)]);
  assert.deepEqual(memory.taken(), [hourCap(cap, 0), hourCap(cap, 0)]);
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
  let made = 0;
  const ask = () =>
    choosers[0]!.choose({ account: "acme", provider: "google", copy: `a${made++}` });
  const [first, second] = [await ask(), await ask()];
  assert.deepEqual([first.kind, second.kind], ["send", "send"]);
  assert.equal(first.kind === "send" && first.beginBy, clock.at + HOUR - LEDGER.guardMs);
  const third = await ask();
  assert.equal(third.kind, "wait");
  assert.equal(third.kind === "wait" && third.until, clock.at + HOUR);
  if (first.kind === "send") await first.unused();
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
    sheets: { change: () => Promise.reject(new Error("no sheet is asked")) },
    node: "n",
    now: () => MIDNIGHT,
    freeAt: (_ip, provider, { connections }) => provider === "orange" ? MIDNIGHT + connections : 0,
  });
  const first = await chooser.choose({ account: "b", provider: "google", copy: "c" });
  assert.equal(first.kind === "send" && first.limits.perMinute, 6);
  assert.equal(first.kind === "send" && first.note, null);
  assert.equal(first.kind === "send" && first.beginBy, null);
  const next = await chooser.choose({ account: "b", provider: "google", copy: "c" });
  assert.equal(next.kind === "wait" && next.until, MIDNIGHT + 10_000);
  const orange = await chooser.choose({ account: "b", provider: "orange", copy: "c" });
  assert.equal(orange.kind === "wait" && orange.until, MIDNIGHT + 3);
});
