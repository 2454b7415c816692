import assert from "node:assert/strict";
import type { ShapingRuleDefined } from "../events/mod.ts";
import { ruleFor } from "./automation.ts";
import { SHAPING_RULES } from "./automation_data.ts";
import { NO_SENDING } from "./model.ts";
import { defineRule, RuleError, rulesOf } from "./rules.ts";
import { fact, given } from "./test_state.ts";

const defined: ShapingRuleDefined = {
  rule: "firm-busy",
  on: true,
  providers: ["firm_example"],
  codes: [451],
  enhanced: null,
  text: "come back LATER",
  replies: 5,
  withinMs: 60_000,
  action: { kind: "slow", perMinute: 10 },
  forMs: 3_600_000,
};
const own = (more: Partial<ShapingRuleDefined>) =>
  fact("settings.shaping-rule-defined", { ...defined, ...more });
const reply = { code: 451, enhanced: null, text: "Too many connections, come back later" };

Deno.test("a rule of one's own comes before those that are shipped", () => {
  const named = (state: typeof NO_SENDING) =>
    ruleFor(rulesOf(state), { provider: "firm_example", reply })?.name;
  assert.equal(named(NO_SENDING), "too-many-connections");
  assert.equal(named(given(own({}))), "firm-busy");
  assert.equal(named(given(own({}), own({ on: false }))), "too-many-connections");
  assert.equal(named(given(own({ text: "other" }))), "too-many-connections");
  assert.equal(rulesOf(NO_SENDING).length, SHAPING_RULES.length);
});

Deno.test("one by the name of a shipped rule takes its place, or switches it off", () => {
  const off = given(own({ rule: "too-many-connections", on: false }));
  assert.equal(ruleFor(rulesOf(off), { provider: "firm_example", reply }), null);
  assert.equal(rulesOf(off).length, SHAPING_RULES.length - 1);
  assert.equal(rulesOf(off), rulesOf(off));
});

Deno.test("what is no rule is refused, and left out where it is in the log all the same", () => {
  const nothing = { ...defined, codes: null, text: null };
  assert.throws(() => defineRule(nothing), RuleError);
  assert.throws(() => defineRule({ ...defined, text: "(" }), /regular expression/i);
  assert.equal(rulesOf(given(own({ text: "(" }))).length, SHAPING_RULES.length);
});
