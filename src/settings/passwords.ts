/** Passwords: argon2id (RFC 9106). */
import { argon2id, argon2Verify } from "hash-wasm";

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 50 ms a hash. */
const COST = { memorySize: 19_456, iterations: 2, parallelism: 1, hashLength: 32 };

/**
 * What a password is checked against where there is no such login: the same work as for a real
 * one, and a digest that no password is known to have.
 */
export const DECOY =
  `$argon2id$v=19$m=${COST.memorySize},t=${COST.iterations},p=${COST.parallelism}$` +
  `${base64("sixteen salt oct")}$${base64("no password hashes to this text!")}`;

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

/** Unpadded, as the argon2 string format wants it. */
function base64(text: string): string {
  return btoa(text).replaceAll("=", "");
}
