/** Seals secrets that must stand in the log: AES-256-GCM under the master key. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

export interface Vault {
  /** Encrypts for the log. Each call gives another text. */
  seal(secret: Uint8Array): string;
  /** @throws {SealError} when the text was sealed with another key, or changed. */
  unseal(sealed: string): Uint8Array;
}

export class SealError extends Error {
  override name = "SealError";
}

const VERSION = "s1.";

/** @param masterKey 32 bytes */
export function createVault(masterKey: Uint8Array): Vault {
  return {
    seal(secret) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", masterKey, nonce);
      const text = Buffer.concat([nonce, cipher.update(secret), cipher.final()]);
      return VERSION + Buffer.concat([text, cipher.getAuthTag()]).toString("base64url");
    },
    unseal(sealed) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), "base64url");
      if (!sealed.startsWith(VERSION) || bytes.length < 28) {
        throw new SealError("not a sealed text");
      }
      try {
        const open = createDecipheriv("aes-256-gcm", masterKey, bytes.subarray(0, 12));
        open.setAuthTag(bytes.subarray(-16));
        return new Uint8Array(Buffer.concat([open.update(bytes.subarray(12, -16)), open.final()]));
      } catch {
        throw new SealError(
          "cannot be unsealed: the master key is not the one this log was written with (CHAPPE_MASTER_KEY)",
        );
      }
    },
  };
}

/** Reads a master key as people write it: 32 bytes in base64 or hex. Throws a `TypeError` otherwise. */
export function parseMasterKey(text: string): Uint8Array {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, "hex")
    : Buffer.from(text, "base64");
  if (bytes.length !== 32) {
    throw new TypeError(
      "the master key must be 32 bytes in base64 or hex: make one with `openssl rand -base64 32`",
    );
  }
  return new Uint8Array(bytes);
}
