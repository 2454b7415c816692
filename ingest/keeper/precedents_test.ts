import assert from "node:assert/strict";
import type { Event, EventData, NewEvent } from "@chappe/src/events";
import { ALERT_HOLDS_MS, evolveSending, NO_SENDING, type SendingState } from "@chappe/src/sending";
import { createPrecedents, type Precedents } from "./precedents.ts";
import { fact, HOUR, MINUTE, source, START } from "./test_keeper.ts";

const IP = "192.0.2.1";
const heard = (event: NewEvent) => ({ ...event, recorded: event.at }) as Event;

function knowing(...events: NewEvent[]): Precedents {
  const precedents = createPrecedents(NO_SENDING);
  for (const event of events) precedents.heard(heard(event));
  return precedents;
}
const measure = (at: number, over: Partial<EventData<"shaping.applied">> = {}) =>
  fact("shaping.applied", {
    rule: "yahoo-tss04",
    provider: "yahoo",
    address: IP,
    pool: "acme",
    action: { kind: "suspend", scope: "address" },
    until: at + 2 * HOUR,
    figures: {},
    words: "x",
    ...over,
  }, at);
const expired = (at: number, early: boolean) =>
  fact("shaping.expired", { rule: "yahoo-tss04", provider: "yahoo", address: IP, early }, at);
const told = { figures: {}, words: "x" };
const pause = (at: number, until: number | null, rule = "bounces-15m") =>
  fact("address.paused", { address: IP, until, rule, ...told }, at);
const resume = (at: number) => fact("address.resumed", { address: IP, words: "x" }, at);
const alert = (at: number, provider: string | null = null) =>
  fact("address.alerted", { address: IP, provider, rule: "bounces-24h", ...told }, at);

Deno.test("a measure is not taken while it holds; it is prolonged when half its time is over", () => {
  const precedents = knowing(measure(START));
  assert(precedents.overrule(measure(START)), "the same");
  assert(precedents.overrule(measure(START + MINUTE)), "as another node saw it");
  assert(!precedents.overrule(measure(START + HOUR)));
  assert(!precedents.overrule(measure(START + MINUTE, { address: "192.0.2.2" })));
  assert(!precedents.overrule(measure(START + MINUTE, { provider: "aol" })));
  assert.equal(
    precedents.holdsUntil(measure(START).data as EventData<"shaping.applied">),
    START + 2 * HOUR,
  );
});

Deno.test("who lifts a measure knew what led to it, and nothing of what comes", () => {
  const precedents = knowing(measure(START), expired(START + MINUTE, true));
  assert(precedents.overrule(measure(START + 30_000)));
  assert(!precedents.overrule(measure(START + MINUTE + 1)));
});

Deno.test("that a measure is over is said once, of the one that is", () => {
  const precedents = knowing(measure(START));
  assert.deepEqual(precedents.over(START + 2 * HOUR - 1), []);
  const [over] = precedents.over(START + 2 * HOUR);
  assert.deepEqual(over!.data, { ...over!.data, rule: "yahoo-tss04", address: IP, early: false });
  assert.equal(over!.at, START + 2 * HOUR);
  assert(!precedents.overrule(over!));
  assert.equal(
    precedents.over(START + 3 * HOUR)[0]!.id,
    over!.id,
    "the same until it is in the log",
  );

  precedents.heard(heard(measure(START + 2 * HOUR - 5)));
  assert(precedents.overrule(over!), "another one is in force by now");
  assert.deepEqual(precedents.over(START + 2 * HOUR), []);
  precedents.heard(heard(expired(START + 3 * HOUR, true)));
  assert.deepEqual(precedents.over(START + 9 * HOUR), [], "lifted");
});

Deno.test("a pause is not shortened, not said twice, and not set against who resumed", () => {
  const cases: [string, NewEvent[], NewEvent, boolean][] = [
    ["nothing said", [], pause(START, START + HOUR), false],
    [
      "as another node saw it",
      [pause(START, START + HOUR)],
      pause(START + 5, START + HOUR + 5),
      true,
    ],
    ["by hand, for good", [pause(START, null, "by-hand")], pause(START + 1, START + HOUR), true],
    [
      "longer, by another rule",
      [pause(START, START + 6 * HOUR, "complaints-1h")],
      pause(START + 1, START + HOUR),
      true,
    ],
    [
      "shorter, by another rule",
      [pause(START, START + HOUR)],
      pause(START + 1, START + 6 * HOUR, "complaints-1h"),
      false,
    ],
    [
      "resumed later",
      [pause(START - 9, START, "x"), resume(START + 1)],
      pause(START, START + HOUR),
      true,
    ],
    [
      "resumed before",
      [pause(START - 9, null, "by-hand"), resume(START - 1)],
      pause(START, START + HOUR),
      false,
    ],
    [
      "another address since",
      [pause(START - 9, null, "by-hand"), source(IP, START - 5)],
      pause(START, START + HOUR),
      false,
    ],
  ];
  for (const [name, before, event, expected] of cases) {
    assert.equal(knowing(...before).overrule(event), expected, name);
  }
});

Deno.test("an alert is raised anew after hours, and about each provider by itself", () => {
  const precedents = knowing(alert(START));
  assert(precedents.overrule(alert(START + ALERT_HOLDS_MS - 1)));
  assert(!precedents.overrule(alert(START + ALERT_HOLDS_MS)));
  assert(!precedents.overrule(alert(START, "yahoo")));
  const listed = fact("address.listed", { address: IP, list: "x", answers: [], words: "x" }, START);
  assert(!precedents.overrule(listed));
});

Deno.test("what is in force at the beginning counts, however old it is", () => {
  const state: SendingState = [
    source(IP, START),
    measure(START),
    pause(START, null, "by-hand"),
  ].map(heard).reduce(evolveSending, NO_SENDING);
  const precedents = createPrecedents(state);
  assert(precedents.overrule(pause(START + 1, START + HOUR)));
  assert(precedents.overrule(measure(START + 1)));
  assert.equal(precedents.over(START + 48 * HOUR).length, 1);
});

Deno.test("memory is bounded", () => {
  const precedents = createPrecedents(NO_SENDING);
  for (let i = 0; i < 12_000; i++) {
    const event = measure(START + i, { provider: `p${i}` });
    precedents.heard(heard(event));
  }
  assert.equal(precedents.over(START + 48 * HOUR).length, 10_000);
  assert(!precedents.overrule(measure(START, { provider: "p0" })));
});
