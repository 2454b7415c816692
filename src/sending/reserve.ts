/** Reserves a place within every quota of a message, by the ledger, from counters that are given. */
import type { Ledger } from "./ledger.ts";
import type { Quota } from "./quota.ts";

export interface Reservation {
  /** Nothing was begun with it: another message may have it. */
  unused(): void;
}

export interface Reserver {
  /** Null when one of the quotas has none left now. @throws what `add` throws: nothing is reserved */
  reserve(quotas: readonly Quota[]): Promise<Reservation | null>;
  /** Gives back what lies idle, or everything. Call it every few seconds, and once at the end. */
  release(all?: boolean): Promise<void>;
}

export function createReserver(
  { ledger, add, now }: {
    ledger: Ledger;
    /** Adds to a shared counter and gives its new total. */
    add: (key: string, amount: number) => Promise<number>;
    now: () => number;
  },
): Reserver {
  /** One question to a counter at a time: those who ask meanwhile share its answer. */
  const underWay = new Map<string, Promise<void>>();

  async function take(quota: Quota, amount: number): Promise<void> {
    const total = await add(quota.key, amount);
    const back = ledger.took(quota, amount, total, now());
    if (back > 0) await add(quota.key, -back);
  }

  async function one(quota: Quota): Promise<boolean> {
    for (;;) {
      const step = ledger.want(quota, now());
      if (step.kind === "wait") return false;
      if (step.kind === "held" && ledger.spend(quota.key, now())) return true;
      if (step.kind === "held") continue;
      let taking = underWay.get(quota.key);
      if (taking === undefined) {
        taking = take(quota, step.amount).finally(() => underWay.delete(quota.key));
        underWay.set(quota.key, taking);
      }
      await taking;
    }
  }

  return {
    async reserve(quotas) {
      const had: string[] = [];
      const unused = () => had.splice(0).forEach((key) => ledger.putBack(key));
      try {
        for (const quota of quotas) {
          if (!await one(quota)) {
            unused();
            return null;
          }
          had.push(quota.key);
        }
      } catch (error) {
        unused();
        throw error;
      }
      return { unused };
    },
    async release(all = false) {
      for (const { key, amount } of ledger.release(now(), all)) await add(key, -amount);
    },
  };
}
