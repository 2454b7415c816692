import assert from "node:assert/strict";
import { type Event, event, type NewEvent, read } from "../events/mod.ts";
import { advance } from "./advance.ts";
import { createAutomation } from "./automation.ts";
import { SHAPING_RULES } from "./automation_data.ts";
import { DEFAULT_CALENDAR as calendar } from "./calendar.ts";
import { decisionFact, judgementFact, measureFact, type SendingFact } from "./facts.ts";
import { stateAt } from "./model.ts";
import { receivedOf, reported } from "./received.ts";
import { address, given } from "./test_state.ts";
import { DAY, HOUR } from "./time.ts";

const day = Date.UTC(2026, 10, 23);
const ip = "192.0.2.1";
/** As the log would hold it: its schema is checked. */
function stored({ id, type, data }: SendingFact, at = day): Event {
  const made = event(type, { id, account: "platform", at }, data) as NewEvent;
  return { ...made, recorded: at } as Event;
}
const good = { sent: 100, bounced: 0, deferred: 0, complained: 0 };
const warming = address(ip, "acme", { day: 2, date: "2026-11-22" });

Deno.test("a decision is one fact a day, and leads where it says", () => {
  const decided = (report: typeof good, from = 2) =>
    decisionFact(ip, advance({ calendar, day: from, cap: 100, report }), day);
  const cases: [SendingFact, string, unknown][] = [
    [decided(good), "address.warmup-advanced", { kind: "warming", day: 3, since: day }],
    [decided({ ...good, sent: 0 }), "address.warmup-held", { kind: "warming", day: 2, since: day }],
    [
      decided({ ...good, bounced: 50 }),
      "address.warmup-stepped-back",
      { kind: "warming", day: 1, since: day },
    ],
    [decided(good, 21), "address.warmup-finished", { kind: "warm" }],
  ];
  for (const [fact, type, after] of cases) {
    assert.equal(fact.type, type);
    assert.deepEqual(given(warming, stored(fact)).addresses.get(ip)!.state, after);
  }
  assert.equal(new Set(cases.map(([fact]) => fact.id)).size, 1);
  const later = decisionFact(ip, advance({ calendar, day: 2, cap: 100, report: good }), day + DAY);
  assert.notEqual(later.id, cases[0]![0].id);
});

Deno.test("a measure and a judgement are facts that take effect", () => {
  const { observe } = createAutomation({ rules: () => SHAPING_RULES });
  const measure = observe({
    at: day,
    provider: "orange",
    address: ip,
    pool: "acme",
    reply: { code: 421, enhanced: null, text: "Service refused, please try later. OFR_999 [999]" },
  })!;
  const applied = given(warming, stored(measureFact(measure)));
  assert.deepEqual([...applied.measures.values()], [measure]);

  const judgement = {
    rule: "bounces-15m",
    address: ip,
    provider: null,
    until: day + HOUR,
    figures: { sent: 100 },
    words: "w",
  };
  const paused = given(warming, stored(judgementFact(judgement, "acme", day)));
  assert.equal(stateAt(paused.addresses.get(ip)!, day).kind, "paused");
  assert.equal(stateAt(paused.addresses.get(ip)!, day + HOUR).kind, "warming");
  const at = judgementFact({ ...judgement, provider: "yahoo" }, "acme", day);
  assert.equal(at.type, "shaping.applied");
  assert.equal([...given(warming, stored(at)).measures.values()][0]!.until, day + HOUR);
  const alert = judgementFact({ ...judgement, until: null }, "acme", day);
  assert.equal(alert.type, "address.alerted");
  stored(alert);
});

async function fixture(type: string, data: Record<string, unknown> = {}): Promise<Event> {
  const name = new URL(`../events/fixtures/${type}.v1.json`, import.meta.url);
  const golden = read(JSON.parse(await Deno.readTextFile(name)));
  return { ...golden, data: { ...golden.data, ...data } } as Event;
}

Deno.test("what deliveries say about an address, and what they don't", async () => {
  const route = { address: "192.0.2.10", provider: "google" };
  const cases: [Event, unknown][] = [
    [await fixture("delivery.delivered"), { ...route, what: "delivered", attempt: true }],
    [await fixture("delivery.deferred"), { ...route, what: null, attempt: true }],
    [
      await fixture("delivery.deferred", { class: "rate" }),
      { ...route, what: "deferred", attempt: true },
    ],
    [await fixture("delivery.deferred", { class: "connection", reply: null }), null],
    [await fixture("delivery.delivered", { address: null }), null],
    [
      await fixture("delivery.bounced", { class: "unknown-user", mode: "sync" }),
      { ...route, what: "bounced", attempt: true },
    ],
    [
      await fixture("delivery.bounced", { class: "spam", mode: "async", reply: null }),
      { ...route, what: "bounced", attempt: false },
    ],
    [await fixture("feedback.complained"), null],
  ];
  const none = { sent: 0, bounced: 0, deferred: 0, complained: 0 };
  let report = none;
  for (const [event, expected] of cases) {
    const received = receivedOf(event);
    assert.deepEqual(received && { ...received, ...route }, expected);
    if (received !== null) report = reported(report, received);
  }
  assert.deepEqual(report, { sent: 4, bounced: 2, deferred: 1, complained: 0 });
});
