/**
 * What a worker and the core share: one secret, of which neither travels. What is made of it: the
 * bearer token of requests, and the key that token keys are sealed with on their way. Who sees the
 * one cannot open the other.
 */
import { decodeBase64url, encodeBase64url, equal } from "@chappe/src/rules";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const utf8 = new TextEncoder();
const NONCE = 12;

export function bearerOf(secret: string): string {
  return encodeBase64url(derived(secret, "bearer"));
}

/** Whether an Authorization header carries the bearer token; takes the same time whatever it says. */
export function isAuthorized(secret: string, authorization: string | undefined): boolean {
  const digest = (text: string) => sha256(utf8.encode(text));
  return equal(digest(authorization ?? ""), digest(`Bearer ${bearerOf(secret)}`));
}

/** AES-256-GCM, another text each time. */
export async function seal(secret: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE));
  const key = await sealingKey(secret);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, utf8.encode(text));
  return `${encodeBase64url(iv)}.${encodeBase64url(new Uint8Array(sealed))}`;
}

/** @throws when it was not sealed with this secret */
export async function unseal(secret: string, sealed: string): Promise<string> {
  const [iv, text] = sealed.split(".").map((part) => decodeBase64url(part));
  if (iv?.length !== NONCE || text === null || text === undefined) {
    throw new TypeError("not a sealed text");
  }
  const algorithm = { name: "AES-GCM", iv: new Uint8Array(iv) };
  const key = await sealingKey(secret);
  return new TextDecoder().decode(
    await crypto.subtle.decrypt(algorithm, key, new Uint8Array(text)),
  );
}

function sealingKey(secret: string): Promise<CryptoKey> {
  const key = new Uint8Array(derived(secret, "sealing"));
  return crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function derived(secret: string, purpose: string): Uint8Array {
  return hmac(sha256, utf8.encode(secret), utf8.encode(`chappe edge ${purpose}`));
}
