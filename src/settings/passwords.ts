/**
 * Passwords: argon2id (RFC 9106), and a verifier that does not pay for it again in every session.
 */
import { createHmac, randomBytes } from "node:crypto";
import { argon2id, argon2Verify } from "hash-wasm";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 50 ms a hash. */
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 };

/**
 * What a password is checked against where there is no such login: the same work as for a real
 * one, and a digest that no password is known to have.
 */
const DECOY = `$argon2id$v=19$m=${COST.memorySize},t=${COST.iterations},p=${COST.parallelism}$` +
  `${base64("sixteen salt oct")}$${base64("no password hashes to this text!")}`;

/** How long, and how many, successful verifications are remembered. */
const REMEMBER_MS = 5 * 60_000;
const REMEMBER_MAX = 10_000;

/** The argon2id string of a password. @param salt 16 random bytes */
export function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  return argon2id({ ...COST, password, salt, outputType: "encoded" });
}

/** Whether the password has this hash. An empty password has none; a malformed hash is no match. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  if (password === "") return false;
  try {
    return await argon2Verify({ password, hash });
  } catch {
    return false;
  }
}

export interface PasswordVerifier {
  /** @param hash argon2id string, or `undefined` where the login is unknown: same time, never true. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/**
 * A verifier that remembers successes for five minutes, so that a client that reconnects for each
 * message costs one argon2 and not thousands. It keeps no password: only HMACs under a key that
 * lives and dies with the process. A changed hash is another key, so a changed password counts at
 * once. Failures are not remembered, and one that is being checked is not checked twice at once.
 */
export function createVerifier({ now }: { now: () => number }): PasswordVerifier {
  const key = randomBytes(32);
  const until = new Map<string, number>();
  const underWay = new Map<string, Promise<boolean>>();

  async function check(mark: string, password: string, hash: string): Promise<boolean> {
    const matches = await verifyPassword(password, hash);
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
  };
}

/** Unpadded, as the argon2 string format wants it. */
function base64(text: string): string {
  return btoa(text).replaceAll("=", "");
}
