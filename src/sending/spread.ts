/** Shares messages out among addresses, as if each went to the one whose share is the least used. */

export interface Share {
  /** Sent already in the period that `weight` speaks of. */
  readonly used: number;
  /** What it may send in that period: the bigger, the more it gets. */
  readonly weight: number;
  /** How many it can take now. */
  readonly left: number;
}

/** The one whose share is the least used, the first of equals; -1 when none has any left. */
export function leastUsed(shares: readonly Share[]): number {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < shares.length; i++) {
    const { used, weight, left } = shares[i]!;
    if (left <= 0 || used / weight >= least) continue;
    least = used / weight;
    best = i;
  }
  return best;
}

/**
 * How many of `count` each takes: the same as asking `leastUsed` for one after the other, in one go.
 * The j-th further message of an address comes at the level (used + j) / weight, and the lowest
 * levels are served first; so most are found by a level below which all are served, and only the
 * last few one by one.
 */
export function spread(shares: readonly Share[], count: number): number[] {
  let given = shares.map(() => 0);
  if (count > 2 * shares.length) {
    let low = 0;
    let high = 1 + Math.max(...shares.map(({ used, weight }) => (used + count) / weight));
    // Halved until the levels of two messages can't be told apart.
    for (let served = 0; served !== count && high - low > high * 1e-12;) {
      const level = (low + high) / 2;
      served = 0;
      for (const share of shares) served += below(share, level);
      if (served <= count) low = level;
      else high = level;
    }
    // One less of each, so that rounding has served none that was not due; the last go one by one.
    given = shares.map((share) => Math.max(0, below(share, low) - 1));
  }
  for (let rest = count - given.reduce((a, b) => a + b, 0); rest > 0; rest--) {
    const next = leastUsed(shares.map((share, i) => ({
      used: share.used + given[i]!,
      weight: share.weight,
      left: share.left - given[i]!,
    })));
    if (next < 0) break;
    given[next]!++;
  }
  return given;
}

/** How many of its messages lie below a level. */
function below({ used, weight, left }: Share, level: number): number {
  return Math.min(left, Math.max(0, Math.ceil(level * weight - used)));
}
