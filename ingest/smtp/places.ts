/** How many sessions there may be at once, and who goes when one more comes. */

/** A session, as one that takes up a place. */
export interface Seated {
  /** Whose place it is (`networkOf`). */
  readonly network: string;
  /** Whether it may lose its place: not logged in, and no message under way. */
  readonly stranger: boolean;
  /** When it last got somewhere, ms UTC. */
  readonly repliedAt: number;
}

export interface Places<S extends Seated> {
  /**
   * Gives a newcomer a place. Where all are taken, or all that its network may have, the stranger
   * that has got nowhere for longest goes, if that is some seconds.
   * @returns the one that goes, or null; `undefined` where there is no place
   */
  enter(newcomer: S, now: number): S | null | undefined;
  leave(session: S): void;
}

/** A stranger that just came, or just got somewhere, keeps its place. */
const GRACE_MS = 5_000;

export function createPlaces<S extends Seated>(
  { total, perNetwork }: { total: number; perNetwork: number },
): Places<S> {
  const seated = new Set<S>();
  const byNetwork = new Map<string, number>();

  function leave(session: S): void {
    if (!seated.delete(session)) return;
    const left = byNetwork.get(session.network)! - 1;
    if (left === 0) byNetwork.delete(session.network);
    else byNetwork.set(session.network, left);
  }

  function slowest(network: string | null, now: number): S | undefined {
    let found: S | undefined;
    for (const session of seated) {
      if (network !== null && session.network !== network) continue;
      if (!session.stranger || now - session.repliedAt < GRACE_MS) continue;
      if (found === undefined || session.repliedAt < found.repliedAt) found = session;
    }
    return found;
  }

  return {
    enter(newcomer, now) {
      const { network } = newcomer;
      const theirs = byNetwork.get(network) ?? 0;
      let gone: S | null = null;
      if (theirs >= perNetwork || seated.size >= total) {
        const found = slowest(theirs >= perNetwork ? network : null, now);
        if (found === undefined) return undefined;
        leave(gone = found);
      }
      seated.add(newcomer);
      byNetwork.set(network, (byNetwork.get(network) ?? 0) + 1);
      return gone;
    },
    leave,
  };
}
