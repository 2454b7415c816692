import assert from "node:assert/strict";
import { event, type NewEvent, uuidv7 } from "@chappe/src/events";
import { SHAPING_RULES } from "@chappe/src/sending";
import { problemIn, send } from "../test_api.ts";
import { createTestConsole } from "../test_console.ts";
import { NOW } from "../test_data.ts";
import { KEYS } from "../test_ports.ts";

const platform = { key: KEYS.platform };
type Rule = { rule: string; on: boolean; shipped: boolean };

const RULE = {
  rule: "mine",
  providers: ["google"],
  text: "slow down",
  replies: 2,
  action: { kind: "suspend", scope: "provider" },
};

Deno.test("rules are listed, defined, switched off and on", async () => {
  const console = createTestConsole();
  const ask = <T = Rule>(request: string, body?: unknown) =>
    send<T>(console, request, body, platform);
  const list = async () => (await ask<{ items: Rule[] }>("GET /shaping/rules")).body.items;
  assert.equal((await list()).length, SHAPING_RULES.length);
  const made = await ask("POST /shaping/rules", RULE);
  assert.equal(made.status, 201);
  assert.equal(made.headers.get("location"), "/api/v1/shaping/rules/mine");
  assert.deepEqual(made.body, {
    ...RULE,
    on: true,
    codes: null,
    enhanced: null,
    withinMs: 600_000,
    forMs: 3_600_000,
    shipped: false,
  });
  const [shipped] = SHAPING_RULES;
  const off = await ask(`PATCH /shaping/rules/${shipped!.name}`, { on: false });
  assert.deepEqual([off.body.on, off.body.shipped], [false, false]);
  assert.deepEqual(
    (await list()).filter(({ shipped }) => !shipped).map(({ rule, on }) => [rule, on]),
    [["mine", true], [shipped!.name, false]],
  );
  assert.equal((await ask(`PATCH /shaping/rules/${shipped!.name}`, { on: true })).body.on, true);
  problemIn(await ask("PATCH /shaping/rules/none", { on: false }), 404);
  problemIn(await ask("POST /shaping/rules", { ...RULE, text: "(" }), 422);
  problemIn(await ask("POST /shaping/rules", { ...RULE, text: null }), 422);
  problemIn(await ask("POST /shaping/rules", { ...RULE, rule: "Not this" }), 422);
});

Deno.test("measures in force are told with their reasons, and no longer than they last", async () => {
  const console = createTestConsole();
  const data = {
    rule: "mine",
    provider: "google",
    address: "192.0.2.1",
    pool: "shared",
    action: { kind: "suspend" as const, scope: "address" as const },
    until: NOW + 60_000,
    figures: { replies: 2 },
    words: "Nothing from 192.0.2.1 to google for a minute.",
  };
  const envelope = { id: uuidv7(NOW), account: "platform", at: NOW };
  await console.log.append([event("shaping.applied", envelope, data) as NewEvent]);
  const list = async () =>
    (await send<{ items: unknown[] }>(console, "GET /shaping/measures", undefined, platform)).body
      .items;
  const [from, until] = [NOW, NOW + 60_000].map((at) => new Date(at).toISOString());
  assert.deepEqual(await list(), [{ ...data, from, until }]);
  console.clock.now += 60_000;
  assert.deepEqual(await list(), []);
});

Deno.test("a rule is tried on past replies before it is switched on", async () => {
  const console = createTestConsole();
  const replies = Array.from(
    { length: 5 },
    (_, i) =>
      event(
        "delivery.deferred",
        { id: uuidv7(NOW), account: "demo", at: NOW + i * 1000, rcpt: 0 },
        {
          attempt: 1,
          address: "192.0.2.1",
          pool: "shared",
          provider: "google",
          domain: "gmail.com",
          mx: "mx.example",
          tls: null,
          tookMs: 1,
          why: { rule: "test" },
          reply: { code: 421, enhanced: null, text: "Slow down please" },
          error: null,
          class: "rate",
          nextAttemptAt: NOW,
        },
      ) as NewEvent,
  );
  await console.log.append(replies);
  type Tested = { attempts: number; spared: number; count: number; measures: { words: string }[] };
  const test = (rule: unknown, days = 1) =>
    send<Tested>(console, "POST /shaping/backtest", { rule, days }, platform);
  const { body } = await test(RULE);
  assert.deepEqual([body.attempts, body.spared, body.count], [5, 3, 1]);
  assert.match(body.measures[0]!.words, /Nothing from any address to google for 60 minutes/);
  assert.equal((await test(SHAPING_RULES[0]!.name)).body.count, 0);
  assert.equal(console.log.of("shaping").length, 0, "nothing is done");
  problemIn(await test("none"), 404);
  problemIn(await test({ ...RULE, text: "(" }), 422);
  problemIn(await test(RULE, 31), 422);
});
