/**
 * How mail from each address is received, live: by provider and in all, over a quarter of an hour, an
 * hour and a day; and what is done where it is received badly. Deterministic; memory is bounded.
 */
import type { Figures } from "../events/mod.ts";
import { type Counted, type Counts, Rolling, type WindowName } from "./rolling.ts";
import { HOUR } from "./time.ts";

export interface ReputationRule {
  readonly name: string;
  /** Over all providers, or each by itself. */
  readonly scope: "address" | "provider";
  readonly window: WindowName;
  readonly what: "deferred" | "bounced" | "complained";
  /** Share of what was sent (of complaints: delivered) from which on something is done. */
  readonly share: number;
  /** Fewer than so many mean nothing. */
  readonly least: number;
  /** Pause what it is about for a time, ms; null: only say so. */
  readonly pauseMs: number | null;
}

/**
 * A bad quarter of an hour stops an address before a provider does; a bad day is for people to look
 * into. Complaints by Google's and Yahoo's sender guidelines (0.1 %, never 0.3 %). Opens are counted
 * but not judged: whether they are seen is up to each account's tracking.
 */
export const REPUTATION_RULES: readonly ReputationRule[] = [
  {
    name: "complaints-1h",
    scope: "address",
    window: "1h",
    what: "complained",
    share: 0.003,
    least: 5,
    pauseMs: 6 * HOUR,
  },
  {
    name: "bounces-15m",
    scope: "address",
    window: "15m",
    what: "bounced",
    share: 0.2,
    least: 20,
    pauseMs: HOUR,
  },
  {
    name: "bounces-at-provider-15m",
    scope: "provider",
    window: "15m",
    what: "bounced",
    share: 0.3,
    least: 20,
    pauseMs: HOUR,
  },
  {
    name: "complaints-24h",
    scope: "address",
    window: "24h",
    what: "complained",
    share: 0.001,
    least: 10,
    pauseMs: null,
  },
  {
    name: "bounces-24h",
    scope: "address",
    window: "24h",
    what: "bounced",
    share: 0.05,
    least: 50,
    pauseMs: null,
  },
  {
    name: "deferrals-at-provider-15m",
    scope: "provider",
    window: "15m",
    what: "deferred",
    share: 0.5,
    least: 30,
    pauseMs: null,
  },
];

export interface Judgement {
  readonly rule: string;
  readonly address: string;
  /** Null: about the address wherever it sends. */
  readonly provider: string | null;
  /** Until when it is paused, ms UTC; null: only an alert. */
  readonly until: number | null;
  readonly figures: Figures;
  readonly words: string;
}

export interface Reputation {
  count(address: string, provider: string, what: Counted, at: number): void;
  /** In all providers, or one. */
  figures(address: string, provider: string | null, window: WindowName, at: number): Counts;
  /** What follows from the figures now and was not said before: to be asked after bad news. */
  judge(address: string, provider: string, at: number): Judgement[];
  /** What was said at `at`, here or by others: it is not said again while it holds. */
  known(judgement: Pick<Judgement, "rule" | "address" | "provider" | "until">, at: number): void;
}

/** An alert that goes on is raised anew after this long, ms. */
export const ALERT_HOLDS_MS = 6 * HOUR;

/** @param capacity pairs of address and provider remembered, a kilobyte each; the quietest goes first */
export function createReputation(
  { rules = REPUTATION_RULES, capacity = 5_000 }: {
    rules?: readonly ReputationRule[];
    capacity?: number;
  } = {},
): Reputation {
  const counts = new Map<string, Rolling>();
  /** Rule and what it is about → until when it is said. */
  const said = new Map<string, number>();

  function keep<V>(map: Map<string, V>, key: string, value: V): V {
    map.delete(key);
    map.set(key, value);
    if (map.size > capacity) map.delete(map.keys().next().value!);
    return value;
  }
  const keyOf = (address: string, provider: string | null) => `${address} ${provider ?? "*"}`;
  const saidKey = (rule: string, address: string, about: string | null) =>
    `${rule} ${keyOf(address, about)}`;

  return {
    count(address, provider, what, at) {
      for (const key of [keyOf(address, provider), keyOf(address, null)]) {
        keep(counts, key, counts.get(key) ?? new Rolling()).add(what, at);
      }
    },
    figures(address, provider, window, at) {
      return (counts.get(keyOf(address, provider)) ?? new Rolling()).sum(window, at);
    },
    judge(address, provider, at) {
      const judgements: Judgement[] = [];
      for (const rule of rules) {
        const about = rule.scope === "address" ? null : provider;
        const rolling = counts.get(keyOf(address, about));
        const key = saidKey(rule.name, address, about);
        if (rolling === undefined || (said.get(key) ?? 0) > at) continue;
        const found = examine(rule, rolling.sum(rule.window, at));
        if (found === null) continue;
        const until = rule.pauseMs === null ? null : at + rule.pauseMs;
        keep(said, key, until ?? at + ALERT_HOLDS_MS);
        const where = about === null ? "" : ` at ${about}`;
        const words = `${found.words} from ${address}${where} within ${rule.window}` +
          (until === null ? "." : `: paused until ${new Date(until).toISOString()}.`);
        judgements.push({
          rule: rule.name,
          address,
          provider: about,
          until,
          figures: found.figures,
          words,
        });
      }
      return judgements;
    },
    known({ rule, address, provider, until }, at) {
      if (!rules.some(({ name }) => name === rule)) return;
      const key = saidKey(rule, address, provider);
      keep(said, key, Math.max(said.get(key) ?? 0, until ?? at + ALERT_HOLDS_MS));
    },
  };
}

function examine({ what, share, least }: ReputationRule, counts: Counts) {
  const sent = what === "complained"
    ? counts.delivered
    : counts.delivered + counts.deferred + counts.bounced;
  const bad = counts[what];
  // More complaints than deliveries: the mail they are about left before the window.
  const rate = sent === 0 ? 1 : bad / sent;
  if (bad < least || rate < share) return null;
  const percent = `${Number((rate * 100).toFixed(2))} %`;
  return {
    figures: { sent, [what]: bad, rate, threshold: share },
    words: `${bad} of ${sent} ${what} (${percent})`,
  };
}
