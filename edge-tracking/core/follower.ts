/**
 * A worker's knowledge of the core's state. There are no threads of one's own in a worker: requests
 * carry on what must be done, after they are answered.
 */
import type { CoreClient } from "./client.ts";
import type { KnownState } from "./state.ts";

/** Lets work go on after the answer. */
export type WaitUntil = (work: Promise<unknown>) => void;

export interface Follower {
  /**
   * What is known. Asks, and waits for the answer, when nothing is; asks behind the answer when it is
   * older than `freshMs`. Null: nothing is known, and the core does not answer.
   */
  known(waitUntil: WaitUntil): Promise<KnownState | null>;
}

/** Another request may ask when the one that did has not come back, ms. */
const ASKING = 15_000;

export function createFollower(
  core: Pick<CoreClient, "state">,
  { freshMs, now }: { freshMs: number; now: () => number },
): Follower {
  let known: KnownState | null = null;
  let version = "";
  let checkedAt = -Infinity;
  let askedAt = -Infinity;

  async function ask(): Promise<void> {
    askedAt = now();
    try {
      const answer = await core.state(version);
      if (answer !== null) ({ version, state: known } = answer);
      checkedAt = now();
    } catch {
      // What was known stays in force; the next request asks again when its time has come.
      checkedAt = Math.max(checkedAt, now() - freshMs / 2);
    } finally {
      askedAt = -Infinity;
    }
  }

  return {
    async known(waitUntil) {
      if (known === null) await ask();
      else if (now() - checkedAt > freshMs && now() - askedAt > ASKING) waitUntil(ask());
      return known;
    },
  };
}
