/** Rules over providers' replies, what they brought about, and what they would have. */
import {
  defineRule,
  pastAttempts,
  ruleAsDefined,
  ruleNamed,
  ruleOf,
  switchRule,
} from "@chappe/src/addresses";
import { ShapingActionSchema, ShapingRuleDefinedSchema } from "@chappe/src/events";
import { createBackTest, DAY, type SendingState, SHAPING_RULES } from "@chappe/src/sending";
import * as z from "zod";
import { type AddressDeps, changeSources } from "./change.ts";
import { allOf, iso, locationOf, pageOf, Time } from "./lists.ts";
import { type Route, route } from "./route.ts";

/** Measures of a back-test that are told one by one. */
const TOLD = 200;

const { shape } = ShapingRuleDefinedSchema;
const NewRule = z.strictObject({
  ...shape,
  on: shape.on.default(true),
  providers: shape.providers.default(null).describe("Null: all"),
  codes: shape.codes.default(null).describe("A reply matches where all that is given does"),
  enhanced: shape.enhanced.default(null),
  text: shape.text.default(null).describe("A regular expression, whatever the case"),
  replies: shape.replies.default(3).describe("So many replies …"),
  withinMs: shape.withinMs.default(600_000).describe("… within this time"),
  forMs: shape.forMs.default(3_600_000).describe("How long it lasts"),
});
const RuleItem = z.strictObject({ ...shape, shipped: z.boolean() });
const RulePage = pageOf(RuleItem);

const count = z.int().nonnegative();
const measure = {
  rule: z.string(),
  provider: z.string(),
  address: z.string().nullable().describe("Null: whatever address"),
  pool: z.string(),
  action: ShapingActionSchema,
  from: Time,
  until: Time,
  figures: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  words: z.string(),
};
const MeasurePage = pageOf(z.strictObject(measure));

const tested = {
  moved: count.describe("Attempts that would have left from elsewhere"),
  delayed: count.describe("Attempts that would have waited for the pace"),
  spared: count.describe("Of both: what was refused or put off"),
  delivered: count.describe("Of both: what was delivered all the same"),
};
const BackTestShape = z.strictObject({
  since: Time,
  attempts: count.describe("Attempts looked at"),
  ...tested,
  inForceMs: count,
  measures: z.array(z.strictObject({ ...measure, ...tested }))
    .describe(`The first ${TOLD}`),
  count: count.describe("Of measures in all"),
});

const BackTestRequest = z.strictObject({
  rule: z.union([z.string(), NewRule]).describe("The name of a rule, or one that is to be tried"),
  days: z.int().min(1).max(30).default(1).describe("How far back"),
});

/** The measures in force, oldest first. */
function measuresAt({ measures }: SendingState, now: number) {
  return [...measures.values()].filter(({ until }) => until > now)
    .sort((a, b) => a.from - b.from);
}

const timed = <T extends { from: number; until: number }>(measure: T) => ({
  ...measure,
  from: iso(measure.from),
  until: iso(measure.until),
});

export function shaping(deps: AddressDeps): Route[] {
  const { sending, events, now } = deps;
  const platform = { role: "owner", platform: true } as const;
  const answer = { status: 200, name: "ShapingRule", schema: RuleItem } as const;
  const item = (state: SendingState, name: string) => ({
    ...state.rules.get(name) ?? ruleAsDefined(ruleNamed(state, name)),
    shipped: !state.rules.has(name),
  });
  return [
    route({
      method: "get",
      path: "/shaping/rules",
      id: "listShapingRules",
      summary: "Rules over providers' replies: one's own, and those that are shipped",
      ...platform,
      answer: { status: 200, name: "ShapingRulePage", schema: RulePage },
      handle: () => {
        const { rules } = sending.now;
        const names = new Set([...rules.keys(), ...SHAPING_RULES.map(({ name }) => name)]);
        return allOf([...names].map((name) => item(sending.now, name)));
      },
    }),
    route({
      method: "post",
      path: "/shaping/rules",
      id: "defineShapingRule",
      summary: "Defines a rule; one by the name of another takes its place",
      ...platform,
      body: NewRule,
      answer: { ...answer, status: 201 },
      problems: [404],
      async handle({ c, by, body }) {
        const after = await changeSources(deps, by, (held) => defineRule(held, body));
        c.header("Location", locationOf(c.req.path, body.rule));
        return item(after, body.rule);
      },
    }),
    route({
      method: "patch",
      path: "/shaping/rules/{rule}",
      id: "switchShapingRule",
      summary: "Puts a rule to use, or out of it",
      ...platform,
      body: z.strictObject({ on: z.boolean() }),
      answer,
      async handle({ by, body: { on }, param }) {
        const rule = param("rule");
        return item(await changeSources(deps, by, (held) => switchRule(held, { rule, on })), rule);
      },
    }),
    route({
      method: "get",
      path: "/shaping/measures",
      id: "listMeasures",
      summary: "What is being done about providers' replies now, and why",
      ...platform,
      answer: { status: 200, name: "MeasurePage", schema: MeasurePage },
      handle: () => allOf(measuresAt(sending.now, now()).map(timed)),
    }),
    route({
      method: "post",
      path: "/shaping/backtest",
      id: "backTestShapingRule",
      summary: "What a rule would have done about the replies of the last days",
      ...platform,
      body: BackTestRequest,
      answer: { status: 200, name: "BackTest", schema: BackTestShape },
      problems: [404],
      async handle({ body: { rule, days } }) {
        const wanted = typeof rule === "string" ? ruleNamed(sending.now, rule) : ruleOf(rule);
        const since = now() - days * DAY;
        const test = createBackTest([wanted]);
        for await (const attempt of pastAttempts(events, since)) test.observe(attempt);
        const { measures, ...sums } = test.result();
        return {
          since: iso(since),
          ...sums,
          measures: measures.slice(0, TOLD).map(timed),
          count: measures.length,
        };
      },
    }),
  ];
}
