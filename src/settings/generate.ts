/** Secrets that are made here, shown once, and kept only as hashes. */
import { digestApiKey } from "./api_keys.ts";
import { hashPassword } from "./passwords.ts";

/** 24 random bytes in base64url. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({
    alphabet: "base64url",
    omitPadding: true,
  });
}

/** A password and its argon2id string. */
export async function newPassword(): Promise<{ password: string; hash: string }> {
  const password = newSecret();
  return {
    password,
    hash: await hashPassword(password, crypto.getRandomValues(new Uint8Array(16))),
  };
}

/** An API key and the digest that it is looked up by. */
export function newApiKey(): { apiKey: string; digest: string } {
  const apiKey = newSecret();
  return { apiKey, digest: digestApiKey(apiKey) };
}
