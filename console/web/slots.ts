/** How much heavy work may go on at a time. */

export interface Slots {
  /**
   * A place for the account; give it back by the function, once or more often.
   * @throws {BusyError} where the account has all of its own, or all are taken.
   */
  take(account: string): () => void;
}

/** @param all places, of which an account has `each` */
export function createSlots({ all, each }: { all: number; each: number }): Slots {
  const taken = new Map<string, number>();
  let total = 0;
  return {
    take(account) {
      const own = taken.get(account) ?? 0;
      if (own >= each) throw busy(`this account has ${own} of these under way`);
      if (total >= all) throw busy(`${total} of these are under way, of all accounts`);
      taken.set(account, own + 1);
      total++;
      let given = true;
      return () => {
        if (!given) return;
        given = false;
        total--;
        const left = taken.get(account)! - 1;
        if (left === 0) taken.delete(account);
        else taken.set(account, left);
      };
    },
  };
}

/** Answered by 429. */
export class BusyError extends Error {
  override name = "BusyError";
  /** s */
  readonly retryAfter = 10;
}

const busy = (why: string) => new BusyError(`${why}: wait for one to end`);
