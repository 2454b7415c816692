/** A limit on something that several sessions hold at once. */

export interface Budget {
  /** Takes `amount` if it is still there. */
  take(amount: number): boolean;
  give(amount: number): void;
}

export function createBudget(total: number): Budget {
  let left = total;
  return {
    take(amount) {
      if (amount > left) return false;
      left -= amount;
      return true;
    },
    give(amount) {
      left += amount;
    },
  };
}
