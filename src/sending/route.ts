/**
 * Which source address a copy leaves from, and why; or until when it waits. Pools in the account's
 * order, then the overflow; within a pool first those that are warming, as long as they may (what
 * they do not send today they will not be allowed tomorrow), else the least used. Nobody waits while
 * any address that the account may use is free.
 */
import type { Why } from "../events/mod.ts";
import { addressesOf, type Candidate, measuresAt, type Tier, tiersOf } from "./candidates.ts";
import { type Measure, type SendingState, type Standing, stateAt } from "./model.ts";
import { leastUsed, type Share, spread } from "./spread.ts";

export interface Question {
  readonly account: string;
  readonly provider: string;
  /** ms UTC. */
  readonly at: number;
}

/** What the node knows of a candidate: counters, and the pace that the provider is given. */
export interface View extends Share {
  /** When `left` is 0: when there may be one more; null: not by itself. */
  readonly moreAt: number | null;
  /** When pace and connections let another message start; not later than now: at once. */
  readonly paceAt: number;
}
export type Look = (candidate: Candidate, question: Question) => View;

export interface Routed {
  readonly kind: "send";
  /** Null leaves it to the system. */
  readonly address: string | null;
  readonly ehlo: string | null;
  readonly pool: string;
  readonly why: Why;
}
export interface Waiting {
  readonly kind: "wait";
  /** When to ask again; null: nothing will come free by itself. */
  readonly until: number | null;
  readonly why: Why;
}

type Alternative = NonNullable<Why["alternatives"]>[number];
interface Free {
  readonly candidate: Candidate;
  readonly standing: Standing;
  readonly view: View;
}
/** An event need not name a whole rack of addresses. */
const MAX_ALTERNATIVES = 5;

export function route(state: SendingState, question: Question, look: Look): Routed | Waiting {
  const passed: Alternative[] = [];
  for (const tier of tiersOf(state, question.account, question.provider, question.at)) {
    const free = freeIn(state, tier, question, look, passed);
    const warming = free.filter(({ standing }) => standing.kind === "warming");
    const peers = warming.length > 0 ? warming : free;
    const best = leastUsed(peers.map(({ view }) => view));
    if (best >= 0) return routed(tier, peers[best]!, free.length, passed);
  }
  return waiting(passed);
}

export interface Batch {
  readonly shares: readonly { readonly candidate: Candidate; readonly count: number }[];
  readonly waiting: number;
  readonly wait: Waiting | null;
}

/**
 * Where `count` like messages of one moment go: the same as routing them one by one, each counted as
 * sent before the next, where the pace is no obstacle.
 */
export function routeMany(
  state: SendingState,
  question: Question,
  look: Look,
  count: number,
): Batch {
  const passed: Alternative[] = [];
  const shares: { candidate: Candidate; count: number }[] = [];
  let rest = count;
  for (const tier of tiersOf(state, question.account, question.provider, question.at)) {
    const free = freeIn(state, tier, question, look, passed);
    for (const kind of ["warming", "warm"]) {
      const peers = free.filter(({ standing }) => standing.kind === kind);
      const given = spread(peers.map(({ view }) => view), rest);
      peers.forEach(({ candidate, standing, view }, i) => {
        const count = given[i]!;
        rest -= count;
        if (count > 0) shares.push({ candidate, count });
        if (count >= view.left) passed.push(blocked(candidate, allowanceRule(standing), null));
      });
    }
    if (rest === 0) break;
  }
  return { shares, waiting: rest, wait: rest > 0 ? waiting(passed) : null };
}

/** Those of a tier that may send now; what speaks against the others is added to `passed`. */
function freeIn(
  state: SendingState,
  tier: Tier,
  question: Question,
  look: Look,
  passed: Alternative[],
): Free[] {
  const { provider, at } = question;
  const measures = measuresAt(state, provider, at);
  const free: Free[] = [];
  for (const candidate of addressesOf(state, tier.pool)) {
    const standing = stateAt(candidate, at);
    if (standing.kind === "paused") {
      passed.push(blocked(candidate, `paused:${standing.reason}`, standing.until));
      continue;
    }
    if (standing.kind === "retired") continue;
    const suspended = suspensionOf(measures, candidate);
    if (suspended !== null) {
      passed.push(blocked(candidate, `suspended:${suspended.rule}`, suspended.until));
      continue;
    }
    const view = look(candidate, question);
    if (view.left <= 0) passed.push(blocked(candidate, allowanceRule(standing), view.moreAt));
    else if (view.paceAt > at) passed.push(blocked(candidate, "pace", view.paceAt));
    else free.push({ candidate, standing, view });
  }
  return free;
}

/** The measure that keeps mail for the provider off this address for longest. */
function suspensionOf(measures: readonly Measure[], { ip }: Candidate): Measure | null {
  let longest: Measure | null = null;
  for (const measure of measures) {
    if (measure.action.kind !== "suspend") continue;
    if (measure.action.scope === "address" && measure.address !== ip) continue;
    if (longest === null || measure.until > longest.until) longest = measure;
  }
  return longest;
}

function allowanceRule(standing: Standing): string {
  return standing.kind === "warming" ? `warm-up-day-${standing.day}` : "no-allowance";
}

function blocked({ ip, pool }: Candidate, rule: string, until: number | null): Alternative {
  return { address: ip, pool, rule, ...(until !== null && { until }) };
}

function routed(tier: Tier, chosen: Free, free: number, passed: Alternative[]): Routed {
  const { candidate: { ip, ehlo, pool }, standing, view } = chosen;
  const figures: Record<string, number | string> = { addresses: free };
  if (standing.kind === "warming") {
    Object.assign(figures, { day: standing.day, sentThisHour: view.used, hour: view.weight });
  }
  if (tier.instead !== null) figures["instead"] = tier.instead;
  const warming = tier.rule === "own-pool" && standing.kind === "warming";
  const why = { rule: warming ? "warm-up" : tier.rule, figures };
  return { kind: "send", address: ip, ehlo, pool, why: withAlternatives(why, passed) };
}

function waiting(passed: Alternative[]): Waiting {
  const until = passed.reduce<number | null>(
    (soonest, { until }) => until === undefined ? soonest : Math.min(soonest ?? until, until),
    null,
  );
  const why = { rule: "no-address-free", figures: { addresses: passed.length } };
  return { kind: "wait", until, why: withAlternatives(why, passed) };
}

function withAlternatives(why: Why, passed: Alternative[]): Why {
  return passed.length === 0 ? why : { ...why, alternatives: passed.slice(0, MAX_ALTERNATIVES) };
}
