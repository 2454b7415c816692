/** Messages per hour and day: each account's share of counters that all nodes add to. */
import type { Counters } from "@chappe/src/log";
import { chunkOf, grantedOf, type Span, spansOf } from "@chappe/src/rules";
import type { Account } from "@chappe/src/settings";
import { quotaUsedUp } from "../smtp/refusal.ts";

/** How long "used up" is believed before the counter is asked again: another node may give back. */
const USED_UP_MS = 10_000;

export interface Quotas {
  /** At MAIL: refuses where it is known that nothing is left; asks nobody. @throws {Refusal} */
  check(account: Account, at: number): void;
  /**
   * Takes one message, to be accepted at `at`. Once taken it counts, whatever becomes of it.
   * @throws {Refusal} when nothing is left @throws {LogUnavailableError}
   */
  take(account: Account, at: number): Promise<void>;
  /** Gives back what was taken and not used. */
  close(): Promise<void>;
}

/** What this node holds of one span of one account. */
interface Ledger {
  readonly counter: string;
  readonly span: Span;
  left: number;
  /** Where the counter stood last. */
  total: number;
  usedUpUntil: number;
  waiting: number;
  refill: Promise<void> | null;
}

export function createQuotas(counters: Pick<Counters, "add">, now: () => number): Quotas {
  /** By account and kind: of each there is one at a time. */
  const ledgers = new Map<string, Ledger>();

  function ledgerOf(account: Account, span: Span): Ledger {
    const name = `${account.id} ${span.kind}`;
    const counter = `quota.${account.id}.${span.key}`;
    const held = ledgers.get(name);
    if (held?.counter === counter && held.span.cap === span.cap) return held;
    if (held !== undefined) void giveBack(held.counter, held.left);
    const fresh = { counter, span, left: 0, total: 0, usedUpUntil: 0, waiting: 0, refill: null };
    ledgers.set(name, fresh);
    return fresh;
  }

  const usedUp = (ledger: Ledger) => ledger.left === 0 && ledger.usedUpUntil > now();

  /** Lost where the log is away: then less is sent than would be allowed, never more. */
  const giveBack = (counter: string, amount: number): Promise<unknown> =>
    amount === 0 ? Promise.resolve() : counters.add(counter, -amount).catch(() => {});

  async function refill(ledger: Ledger): Promise<void> {
    const { cap } = ledger.span;
    const asked = Math.max(chunkOf(cap, ledger.total), ledger.waiting);
    ledger.total = await counters.add(ledger.counter, asked);
    const granted = grantedOf(cap, asked, ledger.total);
    ledger.left += granted;
    if (granted < asked) {
      ledger.usedUpUntil = now() + USED_UP_MS;
      void giveBack(ledger.counter, asked - granted);
    }
  }

  async function takeOne(ledger: Ledger): Promise<boolean> {
    while (ledger.left === 0) {
      if (usedUp(ledger)) return false;
      ledger.waiting++;
      try {
        await (ledger.refill ??= refill(ledger).finally(() => ledger.refill = null));
      } finally {
        ledger.waiting--;
      }
    }
    ledger.left--;
    return true;
  }

  return {
    check(account, at) {
      for (const span of spansOf(account.limits, at)) {
        if (usedUp(ledgerOf(account, span))) throw quotaUsedUp(span);
      }
    },
    async take(account, at) {
      const taken: Ledger[] = [];
      for (const span of spansOf(account.limits, at)) {
        const ledger = ledgerOf(account, span);
        if (!await takeOne(ledger)) {
          for (const before of taken) before.left++;
          throw quotaUsedUp(span);
        }
        taken.push(ledger);
      }
    },
    async close() {
      const held = [...ledgers.values()];
      ledgers.clear();
      await Promise.all(held.map(({ counter, left }) => giveBack(counter, left)));
    },
  };
}
