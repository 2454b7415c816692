/** Slows down those who guess passwords, without hurting anybody else. */
import { createThrottle } from "@chappe/src/rules";
import { networkOf } from "../smtp/network.ts";
import { guessedTooOften } from "../smtp/refusal.ts";

const WAITS = { firstWaitMs: 1000, longestWaitMs: 300_000, capacity: 10_000 };
/** Wrong passwords before the first wait: for a login from one network, and for all its logins. */
const FREE = 5;
const FREE_OF_NETWORK = 100;

export interface Guesses {
  /**
   * Runs `check` of a password, one at a time for a login from one network: what comes at the same
   * time waits for the answer to the one before, and is judged by it.
   * @throws {Refusal} without `check` being run, when this client has to wait
   */
  guarded(login: string, ip: string, check: () => Promise<boolean>): Promise<boolean>;
}

export function createGuesses({ now }: { now: () => number }): Guesses {
  // A login and the network it is tried from make the key: guessing from elsewhere must not lock
  // its owner out.
  const byPair = createThrottle({ now, free: FREE, ...WAITS });
  const byNetwork = createThrottle({ now, free: FREE_OF_NETWORK, ...WAITS });
  /** Pairs that were right once; the one right longest ago goes first. */
  const proven = new Set<string>();
  const turns = new Map<string, Promise<boolean>>();

  function prove(pair: string): void {
    byPair.forget(pair);
    proven.delete(pair);
    proven.add(pair);
    if (proven.size > WAITS.capacity) proven.delete(proven.values().next().value!);
  }

  async function attempt(
    pair: string,
    network: string,
    check: () => Promise<boolean>,
  ): Promise<boolean> {
    // Who has proved to be right before does not suffer from neighbours who guess.
    const wait = byPair.wait(pair) || (proven.has(pair) ? 0 : byNetwork.wait(network));
    if (wait > 0) throw guessedTooOften(wait);
    const right = await check();
    if (right) prove(pair);
    else {
      byPair.attempt(pair);
      byNetwork.attempt(network);
    }
    return right;
  }

  return {
    guarded(login, ip, check) {
      const network = networkOf(ip);
      const pair = `${network} ${login.slice(0, 200)}`;
      const before = turns.get(pair) ?? Promise.resolve(true);
      const turn: Promise<boolean> = before.catch(() => {})
        .then(() => attempt(pair, network, check))
        .finally(() => {
          if (turns.get(pair) === turn) turns.delete(pair);
        });
      turns.set(pair, turn);
      return turn;
    },
  };
}
