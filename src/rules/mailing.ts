/** Which mailing a link belongs to, without saying its name. */
import { sha256 } from "@noble/hashes/sha2.js";

const utf8 = new TextEncoder();

/**
 * Stands for what an account files messages under (billing code or campaign): 48 bits, so that
 * tracking links can carry it and a whole mailing can be told by it.
 */
export function mailingTag(account: string, label: string): number {
  const hash = sha256(utf8.encode(JSON.stringify([account, label])));
  return hash.subarray(0, 6).reduce((value, byte) => value * 256 + byte, 0);
}
