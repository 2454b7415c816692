/** Checks passwords away from the main thread, and does not pay for argon2 again in every session. */
import { createHmac, randomBytes } from "node:crypto";
import { createPasswordThread } from "./password_thread.ts";
import { DECOY } from "./passwords.ts";

/** How long, and how many, successful verifications are remembered. */
const REMEMBER_MS = 5 * 60_000;
const REMEMBER_MAX = 10_000;

export interface PasswordVerifier {
  /**
   * @param hash argon2id string, or `undefined` where the login is unknown: same time, never true.
   * @throws {VerifierBusyError} when too many wait already: callers answer "try again later".
   */
  verify(password: string, hash: string | undefined): Promise<boolean>;
  /** Ends its thread; checks that wait are rejected. */
  close(): void;
}

/**
 * A verifier that remembers successes for five minutes, so that a client that reconnects for each
 * message costs one argon2 and not thousands. It keeps no password: only HMACs under a key that
 * lives and dies with the process. A changed hash is another key, so a changed password counts at
 * once. Failures are not remembered, and one that is being checked is not checked twice at once.
 */
export function createVerifier({ now }: { now: () => number }): PasswordVerifier {
  const thread = createPasswordThread();
  const key = randomBytes(32);
  const until = new Map<string, number>();
  const underWay = new Map<string, Promise<boolean>>();

  async function check(mark: string, password: string, hash: string): Promise<boolean> {
    const matches = await thread.verify(password, hash);
    if (matches) {
      until.delete(mark);
      until.set(mark, now() + REMEMBER_MS);
      if (until.size > REMEMBER_MAX) until.delete(until.keys().next().value!);
    }
    return matches;
  }

  return {
    async verify(password, hash) {
      const against = hash ?? DECOY;
      const mark = createHmac("sha256", key).update(against).update("\0").update(password)
        .digest("base64");
      if ((until.get(mark) ?? -Infinity) > now()) return true;
      let answer = underWay.get(mark);
      if (answer === undefined) {
        answer = check(mark, password, against).finally(() => underWay.delete(mark));
        underWay.set(mark, answer);
      }
      return await answer && hash !== undefined;
    },
    close: () => thread.close(),
  };
}
