/** New DKIM key pairs. */
import { Buffer } from "node:buffer";
import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { Algorithm } from "./engine.ts";

export interface NewDkimKey {
  /** PKCS#8. */
  privateKeyPem: string;
  /** What stands after `p=` in the DNS record. */
  publicKeyBase64: string;
}

const generate = promisify(generateKeyPair);

/** RSA of 2,048 bits (RFC 8301 §3.2), or Ed25519, whose record holds the bare key (RFC 8463 §4). */
export async function generateDkimKey(algorithm: Algorithm): Promise<NewDkimKey> {
  const { privateKey, publicKey } = algorithm === "rsa-sha256"
    ? await generate("rsa", { modulusLength: 2048 })
    : await generate("ed25519", {});
  const spki = publicKey.export({ type: "spki", format: "der" });
  return {
    privateKeyPem: String(privateKey.export({ type: "pkcs8", format: "pem" })),
    publicKeyBase64: Buffer.from(algorithm === "rsa-sha256" ? spki : spki.subarray(-32))
      .toString("base64"),
  };
}
