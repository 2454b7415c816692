/** `chappe shaping …` */
import {
  defineRule,
  pastAttempts,
  readHeld,
  ruleAsDefined,
  ruleNamed,
  switchRule,
} from "@chappe/src/addresses";
import type { ShapingAction, ShapingRuleDefined } from "@chappe/src/events";
import { createBackTest, DAY, MINUTE, SHAPING_RULES } from "@chappe/src/sending";
import { UsageError } from "../exit.ts";
import { command } from "./command.ts";
import { changeSources } from "./context.ts";
import { asText } from "./output.ts";
import { readDuration, readWhole } from "./values.ts";

const list = command({
  name: "shaping list",
  args: [],
  options: { measures: { help: "What is being done now, instead of the rules" } },
  help: "Rules over providers' replies: one's own and those that are shipped.",
  async run({ events, now }, { measures }) {
    const { sending } = await readHeld(events);
    if (measures) {
      const inForce = [...sending.measures.values()].filter(({ until }) => until > now());
      return {
        rows: inForce.map(({ rule, provider, address, from, until, words }) => ({
          rule,
          provider,
          address: address ?? "any",
          from: new Date(from),
          until: new Date(until),
          words,
        })),
      };
    }
    const shipped = SHAPING_RULES.filter(({ name }) => !sending.rules.has(name));
    const rows = [
      ...[...sending.rules.values()].map((rule) => describe(rule, false)),
      ...shipped.map((rule) => describe(ruleAsDefined(rule), true)),
    ];
    const short = rows.map((row) => ({ ...row, reply: shortened(row.reply) }));
    return { lines: [asText({ rows: short })], json: rows };
  },
});

const define = command({
  name: "shaping define",
  args: ["rule"],
  options: {
    provider: { value: "name", multiple: true, help: "It is about; all without it" },
    code: { value: "number", multiple: true, help: "Of the reply: 421" },
    enhanced: { value: "code", multiple: true, help: "Of the reply: 4.7.28" },
    text: { value: "expression", help: "Regular expression over the reply's text" },
    replies: { value: "number", help: "So many such replies: 3, unless said …" },
    within: { value: "time", help: "… within this time: 10m, unless said" },
    for: { value: "time", help: "How long it lasts: 1h, unless said" },
    suspend: { choices: ["address", "provider"], help: "Send nothing: from the address, from any" },
    "per-minute": { value: "number", help: "Or no more than so many a minute" },
    connections: { value: "number", help: "Or no more than so many connections at once" },
    "switch-pool": { value: "pool", help: "Or send from another pool" },
    off: { help: "Not in use yet: for a back-test first" },
  },
  help: "A rule over replies; one by the name of a shipped rule takes its place.",
  async run(context, { rule, provider, code, enhanced, text = null, off, ...given }) {
    const some = <T>(all: readonly T[]) => all.length === 0 ? null : [...all];
    const wanted: ShapingRuleDefined = {
      rule,
      on: !off,
      providers: some(provider),
      codes: some(code.map((text) => readWhole("code", text, 400, 599))),
      enhanced: some(enhanced),
      text,
      replies: readWhole("replies", given.replies ?? "3", 1, 1000),
      withinMs: readDuration("within", given.within ?? "10m"),
      action: actionOf(given),
      forMs: readDuration("for", given.for ?? "1h"),
    };
    await changeSources(context, (held) => defineRule(held, wanted));
    return { record: describe(wanted, false) };
  },
});

const switched = (verb: "on" | "off", help: string) =>
  command({
    name: `shaping ${verb}`,
    args: ["rule"],
    options: {},
    help,
    async run(context, { rule }) {
      const on = verb === "on";
      const state = await changeSources(context, (held) => switchRule(held, { rule, on }));
      const own = state.rules.get(rule);
      return { record: describe(own ?? ruleAsDefined(ruleNamed(state, rule)), own === undefined) };
    },
  });

const backtest = command({
  name: "shaping backtest",
  args: ["rule"],
  options: { days: { value: "number", help: "How far back: 1, unless said" } },
  help: "What a rule, in use or not, would have done about the replies of the last days.",
  async run({ events, now }, { rule, days = "1" }) {
    const { sending } = await readHeld(events);
    const test = createBackTest([ruleNamed(sending, rule)]);
    const since = now() - readWhole("days", days, 1, 365) * DAY;
    for await (const attempt of pastAttempts(events, since)) test.observe(attempt);
    const result = test.result();
    const { measures, attempts, moved, delayed, spared, delivered, inForceMs } = result;
    return {
      lines: [
        `${attempts} attempts since ${new Date(since).toISOString()}; ${rule} would have acted ` +
        `${measures.length} times, for ${Math.round(inForceMs / MINUTE)} minutes in all.`,
        `${moved} attempts moved, ${delayed} delayed: ${spared} refusals spared, ${delivered} ` +
        "deliveries held up for nothing.",
        ...measures.slice(0, TOLD).flatMap(({ from, words, spared, delivered }) => [
          "",
          `${new Date(from).toISOString()}  ${words}`,
          `  ${spared} spared, ${delivered} for nothing`,
        ]),
        ...measures.length > TOLD ? ["", `and ${measures.length - TOLD} more`] : [],
      ],
      json: result,
    };
  },
});

/** Measures that a back-test tells one by one. */
const TOLD = 20;

function actionOf(given: {
  suspend: "address" | "provider" | undefined;
  "per-minute": string | undefined;
  connections: string | undefined;
  "switch-pool": string | undefined;
}): ShapingAction {
  const { suspend, "per-minute": pace, connections, "switch-pool": pool } = given;
  const actions: ShapingAction[] = [];
  if (suspend !== undefined) actions.push({ kind: "suspend", scope: suspend });
  if (pace !== undefined) {
    actions.push({ kind: "slow", perMinute: readWhole("per-minute", pace, 1, 1_000_000) });
  }
  if (connections !== undefined) {
    actions.push({ kind: "connections", most: readWhole("connections", connections, 1, 1000) });
  }
  if (pool !== undefined) actions.push({ kind: "switch-pool", pool });
  if (actions.length === 1) return actions[0]!;
  throw new UsageError("say one of --suspend, --per-minute, --connections, --switch-pool");
}

function describe(rule: ShapingRuleDefined, shipped: boolean) {
  const { providers, codes, enhanced, text, replies, withinMs, forMs } = rule;
  return {
    rule: rule.rule,
    on: rule.on,
    shipped,
    providers: providers ?? ["all"],
    reply: [
      ...codes ?? [],
      ...enhanced ?? [],
      ...text === null ? [] : [`/${text}/`],
    ].map(String),
    when: `${replies} in ${withinMs / MINUTE} min`,
    then: actionWords(rule.action),
    minutes: forMs / MINUTE,
  };
}

/** Expressions may be long. */
function shortened(reply: readonly string[]): string {
  const text = reply.join(", ");
  return text.length > WIDTH ? `${text.slice(0, WIDTH - 1)}…` : text;
}
const WIDTH = 48;

function actionWords(action: ShapingAction): string {
  switch (action.kind) {
    case "suspend":
      return `suspend ${action.scope}`;
    case "slow":
      return `${action.perMinute} a minute`;
    case "connections":
      return `${action.most} connections`;
    case "switch-pool":
      return `pool ${action.pool}`;
  }
}

export const SHAPING_COMMANDS = [
  list,
  define,
  switched("on", "Puts a rule to use again."),
  switched("off", "Puts a rule, one's own or a shipped one, out of use."),
  backtest,
];
