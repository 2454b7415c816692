/** Reserves a place within every quota of a copy: held in its name, or one of those lent to the node. */
import type { Ledger } from "./ledger.ts";
import { cameBack, free, giveBack, go, lend, lentTo, type Place, take, taken } from "./places.ts";
import { countsEach, type Quota } from "./quota.ts";
import type { Change, Sheets } from "./sheets.ts";

export interface Reservation {
  /**
   * To be called before the last byte of the copy is sent: notes that it may have gone. False: another
   * node has the copy in hand by now, or the hour is over, and it must not go. Null: nothing to note.
   * @throws what the sheets throw: it must not go
   */
  readonly note: (() => Promise<boolean>) | null;
  /** Nothing was begun with it: another copy may have it. @throws what the sheets throw */
  unused(): Promise<void>;
}

export interface Reserver {
  /** Null when one of the quotas has none left now. @throws what the sheets throw: nothing is reserved */
  reserve(quotas: readonly Quota[], copy: string): Promise<Reservation | null>;
  /** Frees what a copy holds that has come back into the queue. @throws what the sheets throw */
  cameBack(quotas: readonly Quota[], copy: string): Promise<void>;
  /** Gives back what lies idle, or everything. Call it every few seconds, and once at the end. */
  release(all?: boolean): Promise<void>;
}

export function createReserver(
  { ledger, sheets, node, now }: {
    ledger: Ledger;
    sheets: Sheets;
    /** A name that no other node has, nor had. */
    node: string;
    now: () => number;
  },
): Reserver {
  /** One question to a sheet about what is lent: those who ask meanwhile share its answer. */
  const underWay = new Map<string, Promise<void>>();
  let takings = 0;

  async function borrow(quota: Quota, amount: number): Promise<void> {
    let lent = 0;
    const { sheet } = await sheets.change(quota.key, (before) => {
      const after = lend(before, { node, amount }, quota.limit);
      lent = lentTo(after ?? before, node) - lentTo(before, node);
      return after;
    });
    ledger.saw(quota, { total: taken(sheet), lent }, now());
  }

  async function see(quota: Quota, change: Change): Promise<boolean> {
    const { done, sheet } = await sheets.change(quota.key, change);
    ledger.saw(quota, { total: taken(sheet), lent: 0 }, now());
    return done;
  }

  async function one(quota: Quota, copy: string): Promise<Held | null> {
    const { key } = quota;
    for (;;) {
      const step = ledger.want(quota, now());
      if (step.kind === "wait") return null;
      if (step.kind === "held") {
        if (!ledger.spend(key, now())) continue;
        return { quota, place: null };
      }
      if (countsEach(quota)) {
        const place: Place = { copy, token: `${node}.${++takings}` };
        if (await see(quota, (sheet) => take(sheet, place, quota.limit))) return { quota, place };
        continue;
      }
      let borrowing = underWay.get(key);
      if (borrowing === undefined) {
        borrowing = borrow(quota, step.amount).finally(() => underWay.delete(key));
        underWay.set(key, borrowing);
      }
      await borrowing;
    }
  }

  async function undo({ quota, place }: Held): Promise<void> {
    if (place === null) ledger.putBack(quota.key);
    else await see(quota, (sheet) => free(sheet, place));
  }

  function reservation(had: Held[]): Reservation {
    const held = had.flatMap(({ quota, place }) => place === null ? [] : [{ quota, place }]);
    const note = ({ quota, place }: typeof held[number]) =>
      now() < quota.until ? see(quota, (sheet) => go(sheet, place)) : false;
    return {
      note: held.length === 0
        ? null
        : async () => (await Promise.all(held.map(note))).every(Boolean),
      unused: async () => void await Promise.all(had.splice(0).map(undo)),
    };
  }

  return {
    async reserve(quotas, copy) {
      if (quotas.length === 0) return UNLIMITED;
      const had: Held[] = [];
      try {
        for (const quota of quotas) {
          const held = await one(quota, copy);
          if (held === null) {
            await reservation(had).unused();
            return null;
          }
          had.push(held);
        }
      } catch (error) {
        await reservation(had).unused().catch(() => {});
        throw error;
      }
      return reservation(had);
    },
    async cameBack(quotas, copy) {
      const each = quotas.filter(countsEach);
      await Promise.all(each.map((quota) => see(quota, (sheet) => cameBack(sheet, copy))));
    },
    async release(all = false) {
      for (const { key, amount } of ledger.release(now(), all)) {
        // Decided once: a change whose answer was lost is made again.
        let left: number | null = null;
        await sheets.change(key, (sheet) => {
          left ??= lentTo(sheet, node) - amount;
          return giveBack(sheet, { node, left });
        });
      }
    },
  };
}

/** Of an address without a cap. */
const UNLIMITED: Reservation = { note: null, unused: () => Promise.resolve() };

interface Held {
  readonly quota: Quota;
  /** Null: one of those lent to the node. */
  readonly place: Place | null;
}
