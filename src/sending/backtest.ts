/** What shaping rules would have done about past replies: when, for how long, to how many messages. */
import { createAutomation, type Observed, type ShapingRule } from "./automation.ts";
import type { Measure } from "./model.ts";
import { createPace } from "./pace.ts";

export interface PastAttempt extends Observed {
  readonly outcome: "delivered" | "deferred" | "bounced";
}

export interface TestedMeasure extends Measure {
  /** Attempts that would have left from elsewhere: another address, or the pool switched to. */
  readonly moved: number;
  /** Attempts that would have waited for the pace. */
  readonly delayed: number;
  /** Of both: what was refused or deferred, which would have been spared … */
  readonly spared: number;
  /** … and what was delivered all the same, which would have been held up or moved for nothing. */
  readonly delivered: number;
}

export interface BackTest {
  readonly measures: readonly TestedMeasure[];
  /** Attempts looked at. */
  readonly attempts: number;
  readonly moved: number;
  readonly delayed: number;
  readonly spared: number;
  readonly delivered: number;
  /** Time that something would have been done, all measures together, ms. */
  readonly inForceMs: number;
}

type Tested = { -readonly [K in keyof TestedMeasure]: TestedMeasure[K] };

/** @param past in order of time */
export function backTest(rules: readonly ShapingRule[], past: Iterable<PastAttempt>): BackTest {
  const test = createBackTest(rules);
  for (const attempt of past) test.observe(attempt);
  return test.result();
}

/**
 * Attempts that a measure would have kept from happening tell the rules nothing more, as they would
 * not have been made. Where a measure bounds connections, attempts go on as they did: how many stood
 * at once is not known of the past.
 */
export function createBackTest(rules: readonly ShapingRule[]): {
  /** In order of time. */
  observe(attempt: PastAttempt): void;
  result(): BackTest;
} {
  const automation = createAutomation({ rules: () => rules });
  const pace = createPace(10_000);
  const all: Tested[] = [];
  let inForce: Tested[] = [];
  let attempts = 0;

  function observe(attempt: PastAttempt): void {
    attempts++;
    inForce = inForce.filter(({ until }) => until > attempt.at);
    const kept = inForce.find((measure) => concerns(measure, attempt) && keeps(measure, attempt));
    if (kept !== undefined) {
      if (kept.action.kind === "slow") kept.delayed++;
      else kept.moved++;
      if (attempt.outcome === "delivered") kept.delivered++;
      else kept.spared++;
      return;
    }
    const measure = automation.observe(attempt);
    if (measure === null) return;
    const tested = { ...measure, moved: 0, delayed: 0, spared: 0, delivered: 0 };
    // A measure that is prolonged ends where the new one begins.
    for (const before of inForce) if (same(before, tested)) before.until = tested.from;
    inForce.push(tested);
    all.push(tested);
  }

  function result(): BackTest {
    const sum = (what: "moved" | "delayed" | "spared" | "delivered") =>
      all.reduce((total, measure) => total + measure[what], 0);
    return {
      measures: all,
      attempts,
      moved: sum("moved"),
      delayed: sum("delayed"),
      spared: sum("spared"),
      delivered: sum("delivered"),
      inForceMs: all.reduce((total, { from, until }) => total + until - from, 0),
    };
  }

  return { observe, result };

  function keeps({ action, rule }: Measure, { at, address, provider }: PastAttempt): boolean {
    if (action.kind === "connections") return false;
    if (action.kind !== "slow") return true;
    const key = `${rule} ${provider} ${address}`;
    if (pace.at(key, action.perMinute, at) > at) return true;
    pace.started(key, action.perMinute, at);
    return false;
  }
}

function concerns({ action, provider, address, pool }: Measure, attempt: PastAttempt): boolean {
  if (provider !== attempt.provider) return false;
  if (action.kind === "switch-pool") return pool === attempt.pool;
  return address === null || address === attempt.address;
}

function same(a: Measure, b: Measure): boolean {
  return a.rule === b.rule && a.provider === b.provider && a.address === b.address;
}
