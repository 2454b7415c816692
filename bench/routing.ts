/**
 * How many choices of a source address a node makes in a second: six pools, each account with two
 * addresses that are warming, an overflow of four, and measures in force. The sheets are in memory
 * and answer at once, so that what is measured is the choice itself. The peer is what was there
 * before: the shared addresses in turn.
 */
import type { Event } from "../src/events/mod.ts";
import {
  createAutomation,
  createChooser,
  createSheets,
  DEFAULT_CALENDAR,
  evolveSending,
  Ledger,
  madeUp,
  NO_SENDING,
  route,
  SHAPING_RULES,
  type Sheet,
  simulate,
  taken,
} from "../src/sending/mod.ts";
import { table } from "./support/report.ts";

const ROUNDS = 5;
/** Milliseconds of each round. */
const ROUND = 500;
/** Choices under way at once, as jobs in flight. */
const AT_ONCE = 64;
const POOLS = 6;
const NOW = Date.UTC(2026, 10, 22, 9, 30);

const fact = (type: string, data: unknown, account = "platform") =>
  ({ type, data, account, at: NOW }) as unknown as Event;
const facts: Event[] = [];
for (let i = 0; i < POOLS; i++) {
  facts.push(
    fact("settings.pool-created", { pool: `pool${i}`, kind: "dedicated", owner: `account${i}` }),
    fact("settings.pools-assigned", { pools: [`pool${i}`], overflow: "shared" }, `account${i}`),
  );
  for (const n of [1, 2]) {
    facts.push(fact("settings.address-added", {
      address: `192.0.2.${i * 10 + n}`,
      ehlo: "out.example",
      pool: `pool${i}`,
      calendar: "default",
      standing: { kind: "warming", day: 13, date: "2026-11-22" },
    }));
  }
}
for (const n of [1, 2, 3, 4]) {
  facts.push(fact("settings.address-added", {
    address: `198.51.100.${n}`,
    ehlo: "out.example",
    pool: "shared",
    calendar: "default",
    standing: { kind: "warm" },
  }));
}
for (const [rule, provider] of [["yahoo-tss04", "yahoo"], ["orange-refused", "orange"]] as const) {
  facts.push(fact("shaping.applied", {
    rule,
    provider,
    address: "192.0.2.1",
    pool: "pool0",
    action: { kind: "suspend", scope: "address" },
    until: NOW + 3_600_000,
    figures: {},
    words: "",
  }));
}
const state = facts.reduce(evolveSending, NO_SENDING);
const PROVIDERS = ["google", "yahoo", "orange", "microsoft", "firm_example"];
const kept = new Map<string, { value: unknown; revision: number }>();
let revision = 0;
const chooser = createChooser({
  state: () => state,
  ledger: new Ledger(),
  sheets: createSheets({
    registers: {
      read: (key) => Promise.resolve(kept.get(key) ?? null),
      write(key, value) {
        kept.set(key, { value, revision: ++revision });
        return Promise.resolve(revision);
      },
    },
    before: () => Promise.resolve(0),
  }),
  node: "n",
  now: () => NOW,
});
const free = { left: 1, moreAt: null, used: 0, weight: 1, paceAt: 0 };
const sources = ["198.51.100.1", "198.51.100.2"];
const automation = createAutomation({ rules: () => SHAPING_RULES });
const accepted = { code: 250, enhanced: "2.0.0", text: "2.0.0 OK  1795338936 abc - gsmtp" };
const busy = {
  code: 451,
  enhanced: "4.7.1",
  text: "Greylisting in effect, please come back later",
};

const question = (i: number) => ({
  account: `account${i % POOLS}`,
  provider: PROVIDERS[i % PROVIDERS.length]!,
});
const work: Record<string, (i: number) => unknown> = {
  "addresses in turn": (i) => sources[i % sources.length],
  "choice alone": (i) => route(state, { ...question(i), at: NOW }, () => free),
  "choice, sheets": (i) => chooser.choose({ ...question(i), copy: `${i}` }),
  "rules, taken": (i) =>
    automation.observe({
      ...question(i),
      at: NOW,
      address: "192.0.2.1",
      pool: "p",
      reply: accepted,
    }),
  "rules, refused": (i) =>
    automation.observe({ ...question(i), at: NOW, address: "192.0.2.1", pool: "p", reply: busy }),
};

async function perSecond(one: (i: number) => unknown): Promise<number> {
  let done = 0;
  const started = performance.now();
  while (performance.now() - started < ROUND) {
    const under: unknown[] = [];
    for (let i = 0; i < AT_ONCE; i++) under.push(one(done++));
    await Promise.all(under);
  }
  return done / ((performance.now() - started) / 1000);
}

const rows: (string | number)[][] = [];
for (const [name, one] of Object.entries(work)) {
  await perSecond(one);
  const rounds: number[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await perSecond(one));
  const sorted = rounds.toSorted((a, b) => a - b).map(Math.round);
  rows.push([name, sorted[Math.floor(ROUNDS / 2)]!, `${sorted[0]}–${sorted.at(-1)}`]);
}
table(["per second", "median", "range"], rows);
const chosen = [...kept.values()].reduce((sum, { value }) => sum + taken(value as Sheet), 0);
console.log(`sheets: ${kept.size}, places taken on them: ${chosen}`);

const start = Date.UTC(2026, 10, 22);
const before = performance.now();
simulate({
  start,
  days: 90,
  arrivals: madeUp({ start, volumes: [500_000] }),
  addresses: 6,
  calendar: DEFAULT_CALENDAR,
  overflow: true,
  received: { bounced: 0.01, deferred: 0.02, complained: 0.0002 },
});
console.log(
  `simulated: 90 days of 500,000 in ${((performance.now() - before) / 1000).toFixed(2)} s`,
);
