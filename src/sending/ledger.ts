/**
 * What one node knows of the sheets of places (`places.ts`), and what was lent to it: by this it says
 * how many there may be left, and when to ask for more. It decides nothing that a cap depends on but
 * this: a place that was lent is spent once, and what is not spent is given back before it is forgotten.
 */
import { chunkOf, type Quota } from "./quota.ts";

export type Want =
  /** One is at hand: `spend` it. */
  | { readonly kind: "held" }
  /** Ask the sheet for `amount`, then tell `saw`. */
  | { readonly kind: "take"; readonly amount: number }
  /** None to be had before; null: not by itself. */
  | { readonly kind: "wait"; readonly until: number | null };

export interface LedgerOptions {
  /** Nothing is begun so shortly before the end of an hour that it might arrive in the next one, ms. */
  readonly guardMs: number;
  /** A sheet that was found full is looked at again after this long: others may have given back. */
  readonly recheckMs: number;
  /** What is held for so long without use goes back. */
  readonly idleMs: number;
}

export const LEDGER: LedgerOptions = { guardMs: 5_000, recheckMs: 5_000, idleMs: 10_000 };

interface Hand {
  /** Lent to this node, and not spent. */
  held: number;
  /** Last time one was spent or lent. */
  usedAt: number;
  readonly until: number;
  /** How many were taken when the sheet was last seen, by whomever. */
  total: number;
  seenAt: number;
}

export class Ledger {
  readonly #hands = new Map<string, Hand>();

  constructor(readonly options: LedgerOptions = LEDGER) {}

  /** How many there might be for this node, by what it last saw of the sheet. */
  left(quota: Quota, now: number): number {
    if (quota.until - now <= this.options.guardMs) return 0;
    const hand = this.#hands.get(quota.key);
    if (hand === undefined) return quota.limit;
    return hand.held + (this.#full(hand, quota, now) ? 0 : Math.max(1, quota.limit - hand.total));
  }

  want(quota: Quota, now: number): Want {
    if (quota.until - now <= this.options.guardMs) {
      return { kind: "wait", until: quota.nextAt === null ? null : quota.until };
    }
    const hand = this.#hands.get(quota.key);
    if (hand !== undefined && hand.held > 0) return { kind: "held" };
    if (quota.limit <= 0) return { kind: "wait", until: quota.nextAt };
    if (hand !== undefined && this.#full(hand, quota, now)) {
      const recheck = hand.seenAt + this.options.recheckMs;
      return { kind: "wait", until: Math.min(recheck, quota.nextAt ?? recheck) };
    }
    const room = hand === undefined ? Infinity : Math.max(1, quota.limit - hand.total);
    return { kind: "take", amount: Math.min(chunkOf(quota), room) };
  }

  /** The sheet shows `total` taken, `lent` of them to this node just now. */
  saw(quota: Quota, { total, lent }: { total: number; lent: number }, now: number): void {
    const hand = this.#hands.get(quota.key) ??
      { held: 0, usedAt: now, until: quota.until, total, seenAt: now };
    this.#hands.set(quota.key, hand);
    hand.held += lent;
    hand.total = total;
    hand.seenAt = now;
    if (lent > 0) hand.usedAt = now;
  }

  /** Whether there was one to spend. It counts as sent from now on, whatever becomes of it. */
  spend(key: string, now: number): boolean {
    const hand = this.#hands.get(key);
    if (hand === undefined || hand.held === 0 || hand.until - now <= this.options.guardMs) {
      return false;
    }
    hand.held--;
    hand.usedAt = now;
    return true;
  }

  /** One that was spent was not needed: nothing was begun with it. */
  putBack(key: string): void {
    const hand = this.#hands.get(key);
    if (hand !== undefined) hand.held++;
  }

  /**
   * Lets go of what has lain idle, or of everything (`all`: at shutdown). Of hours that are over
   * nothing is of use to anybody. @returns what to give back, and of which sheet
   */
  release(now: number, all = false): { key: string; amount: number }[] {
    const back: { key: string; amount: number }[] = [];
    for (const [key, hand] of this.#hands) {
      if (hand.until <= now) this.#hands.delete(key);
      else if (hand.held > 0 && (all || now - hand.usedAt >= this.options.idleMs)) {
        back.push({ key, amount: hand.held });
        hand.total = Math.max(0, hand.total - hand.held);
        hand.held = 0;
      }
    }
    return back;
  }

  /** Found at its limit, and not long ago. */
  #full(hand: Hand, quota: Quota, now: number): boolean {
    return hand.total >= quota.limit && now - hand.seenAt < this.options.recheckMs;
  }
}
