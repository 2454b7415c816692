/**
 * One node's part in sharing counters. A chunk is added to the counter before anything is sent; what
 * the new total shows to lie beyond the limit is not used and taken off again. So the counter is
 * never below what was granted, whatever node dies when: a crash leaves units unused, never too many.
 *
 * Proof: let C be the counter and G what was granted of it, G ≤ C. Adding n gives C' = C + n. Within
 * the limit L all n are granted, and G + n ≤ C' ≤ L; beyond it L − C are, if any, and G' ≤ L. Only
 * what is not granted is ever taken off, so G ≤ C goes on to hold. An addition that was never
 * answered may or may not have happened: nothing is granted for it, and nothing taken off.
 */
import { chunkOf, type Quota } from "./quota.ts";

export type Want =
  /** One is at hand: `spend` it. */
  | { readonly kind: "held" }
  /** Add `amount` to the counter, then tell `took` (or `unanswered`). */
  | { readonly kind: "take"; readonly amount: number }
  /** None to be had before; null: not by itself. */
  | { readonly kind: "wait"; readonly until: number | null };

export interface LedgerOptions {
  /** Nothing is begun so shortly before the end of an hour that it might arrive in the next one, ms. */
  readonly guardMs: number;
  /** A counter that was found full is asked again after this long: others may have given back. */
  readonly recheckMs: number;
  /** What is held for so long without use goes back. */
  readonly idleMs: number;
}

export const LEDGER: LedgerOptions = { guardMs: 5_000, recheckMs: 5_000, idleMs: 10_000 };

interface Hand {
  held: number;
  /** Last time one was spent or taken. */
  usedAt: number;
  readonly until: number;
  /** The counter as it was last seen, without what is on its way off it. */
  total: number;
  seenAt: number;
}

export class Ledger {
  readonly #hands = new Map<string, Hand>();

  constructor(readonly options: LedgerOptions = LEDGER) {}

  /** How many there might be for this node, by what it last saw of the counter. */
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

  /** The counter stood at `total` after `amount` was added. @returns how many to take off again */
  took(quota: Quota, amount: number, total: number, now: number): number {
    const granted = Math.max(0, amount - Math.max(0, total - quota.limit));
    const back = amount - granted;
    const hand = this.#hands.get(quota.key) ??
      { held: 0, usedAt: now, until: quota.until, total, seenAt: now };
    this.#hands.set(quota.key, hand);
    hand.held += granted;
    hand.usedAt = hand.seenAt = now;
    hand.total = total - back;
    return back;
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
   * nothing is of use to anybody. @returns what to take off which counter
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
