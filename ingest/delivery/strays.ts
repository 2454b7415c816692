/**
 * Copies that wait in a lane which is not their provider's, for only their MX told whose they are. A
 * few may be given back there; many would delay what comes behind them, and move to the provider's.
 */

/** Given back in one minute for one provider. */
const FEW = 500;
const MINUTE_MS = 60_000;

export interface Strays {
  /** Whether one more may be given back where it is. */
  mayStay(provider: string, now: number): boolean;
}

export function createStrays(): Strays {
  let minute = 0;
  const counts = new Map<string, number>();
  return {
    mayStay(provider, now) {
      const current = Math.floor(now / MINUTE_MS);
      if (current !== minute) counts.clear();
      minute = current;
      const count = (counts.get(provider) ?? 0) + 1;
      counts.set(provider, count);
      return count <= FEW;
    },
  };
}
