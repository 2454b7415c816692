/**
 * Watches replies and finds what to do about them: so many of a kind from a provider to an address
 * within a time, and something is done for a time. Deterministic; memory is bounded.
 */
import type { Reply, ShapingAction } from "../events/mod.ts";
import type { Measure } from "./model.ts";
import { MINUTE } from "./time.ts";

export interface ShapingRule {
  readonly name: string;
  /** Providers it is about; null: all. */
  readonly providers: readonly string[] | null;
  /** A reply matches where all that stands here does. */
  readonly match: {
    readonly codes?: readonly number[];
    /** RFC 3463, e.g. "4.7.28". */
    readonly enhanced?: readonly string[];
    readonly text?: RegExp;
  };
  readonly trigger: { readonly replies: number; readonly withinMs: number };
  readonly action: ShapingAction;
  readonly forMs: number;
}

/** What came of an attempt, as far as rules look at it. */
export interface Observed {
  /** ms UTC. */
  readonly at: number;
  readonly provider: string;
  readonly address: string | null;
  readonly pool: string;
  /** Null when no server answered. */
  readonly reply: Reply | null;
}

/** The first rule that the reply is a case of. */
export function ruleFor(
  rules: readonly ShapingRule[],
  { provider, reply }: Pick<Observed, "provider" | "reply">,
): ShapingRule | null {
  if (reply === null || reply.code < 400) return null;
  return rules.find(({ providers, match: { codes, enhanced, text } }) =>
    (providers === null || providers.includes(provider)) &&
    (codes === undefined || codes.includes(reply.code)) &&
    (enhanced === undefined || (reply.enhanced !== null && enhanced.includes(reply.enhanced))) &&
    (text === undefined || text.test(reply.text))
  ) ?? null;
}

export interface Automation {
  /** @returns what follows: at most one measure, or nothing */
  observe(outcome: Observed): Measure | null;
  /** A measure that others took, or lifted (`until` in the past). */
  known(measure: Pick<Measure, "rule" | "provider" | "address" | "until">): void;
}

interface Case {
  /** Times of the last replies, oldest first; never more than the trigger needs. */
  readonly seen: number[];
  /** Until when something is being done about it. */
  until: number;
}

/** @param capacity cases (rule, provider, address) remembered; the one quiet for longest goes first */
export function createAutomation(
  { rules, capacity = 10_000 }: {
    /** As they stand now. */
    rules: () => readonly ShapingRule[];
    capacity?: number;
  },
): Automation {
  const cases = new Map<string, Case>();

  function caseOf(rule: string, provider: string, address: string | null): Case {
    const key = `${rule} ${provider} ${address ?? "*"}`;
    const found = cases.get(key) ?? { seen: [], until: 0 };
    cases.delete(key);
    cases.set(key, found);
    if (cases.size > capacity) cases.delete(cases.keys().next().value!);
    return found;
  }

  return {
    observe(outcome) {
      const rule = ruleFor(rules(), outcome);
      if (rule === null) return null;
      const { at, provider, pool } = outcome;
      const { trigger: { replies, withinMs }, action, forMs } = rule;
      const everywhere = action.kind === "suspend" && action.scope === "provider";
      const address = everywhere ? null : outcome.address;
      const found = caseOf(rule.name, provider, address);
      found.seen.push(at);
      if (found.seen.length > replies) found.seen.shift();
      if (found.seen.length < replies || at - found.seen[0]! > withinMs) return null;
      // What is being done holds; it is prolonged when half its time is over and it did not help.
      if (found.until - at > forMs / 2) return null;
      found.until = at + forMs;
      found.seen.length = 0;
      const figures = {
        replies,
        withinMs,
        code: outcome.reply!.code,
        enhanced: outcome.reply!.enhanced ?? "",
        reply: outcome.reply!.text.slice(0, 200),
      };
      const measure = { rule: rule.name, provider, address, pool, action, figures };
      return { ...measure, from: at, until: at + forMs, words: inWords(measure, rule) };
    },
    known({ rule, provider, address, until }) {
      caseOf(rule, provider, address).until = until;
    },
  };
}

function inWords(
  { provider, address, action }: Pick<Measure, "provider" | "address" | "action">,
  { trigger, forMs }: ShapingRule,
): string {
  const from = address === null ? "from any address" : `from ${address}`;
  const time = `for ${minutes(forMs)}`;
  const why = `${trigger.replies} such ${trigger.replies === 1 ? "reply" : "replies"} within ${
    minutes(trigger.withinMs)
  }`;
  switch (action.kind) {
    case "suspend":
      return `Nothing ${from} to ${provider} ${time}: ${why}.`;
    case "slow":
      return `No more than ${action.perMinute} a minute ${from} to ${provider} ${time}: ${why}.`;
    case "connections":
      return `No more than ${action.most} connections ${from} to ${provider} ${time}: ${why}.`;
    case "switch-pool":
      return `Mail to ${provider} leaves from the pool ${action.pool} ${time}: ${why}.`;
  }
}

function minutes(ms: number): string {
  const count = Math.round(ms / MINUTE);
  if (count >= 120 && count % 60 === 0) return `${count / 60} hours`;
  return count === 1 ? "a minute" : `${count} minutes`;
}
