/** Shaping rules of one's own, beside those that are shipped. */
import type { ShapingRuleDefined } from "../events/mod.ts";
import type { ShapingRule } from "./automation.ts";
import { SHAPING_RULES } from "./automation_data.ts";
import type { SendingState } from "./model.ts";

/** Why a rule was refused, in words for the one who wrote it. */
export class RuleError extends Error {
  override name = "RuleError";
}

/** @throws {RuleError} where it would match every reply, or its text is no regular expression */
export function defineRule(defined: ShapingRuleDefined): ShapingRule {
  const { rule, providers, codes, enhanced, text, replies, withinMs, action, forMs } = defined;
  if (codes === null && enhanced === null && text === null) {
    throw new RuleError(`rule ${rule} names no code, enhanced code or text to look for`);
  }
  return {
    name: rule,
    providers,
    match: {
      ...(codes && { codes }),
      ...(enhanced && { enhanced }),
      ...(text && { text: expression(text) }),
    },
    trigger: { replies, withinMs },
    action,
    forMs,
  };
}

function expression(text: string): RegExp {
  try {
    return new RegExp(text, "i");
  } catch (error) {
    throw new RuleError((error as SyntaxError).message);
  }
}

const compiled = new WeakMap<SendingState["rules"], readonly ShapingRule[]>();

/** The rules in use, one's own first. One that is no rule (any more) is left out. */
export function rulesOf({ rules }: Pick<SendingState, "rules">): readonly ShapingRule[] {
  let all = compiled.get(rules);
  if (all === undefined) {
    const own = [...rules.values()].filter(({ on }) => on).flatMap((defined) => {
      try {
        return [defineRule(defined)];
      } catch (error) {
        if (error instanceof RuleError) return [];
        throw error;
      }
    });
    all = [...own, ...SHAPING_RULES.filter(({ name }) => !rules.has(name))];
    compiled.set(rules, all);
  }
  return all;
}
