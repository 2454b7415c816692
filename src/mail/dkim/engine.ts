/** What makes DKIM signatures: OpenSSL's libcrypto off the main thread where it can be had. */
import { createHash, createPrivateKey, sign as signNow } from "node:crypto";
import { openLibcrypto } from "./libcrypto.ts";

export type Algorithm = "rsa-sha256" | "ed25519-sha256";

export interface SigningKey {
  readonly algorithm: Algorithm;
  /** Signs the data (RFC 6376 §3.7: what is hashed, not the hash). */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

export interface SigningEngine {
  /** What signs RSA; for the log. */
  readonly rsa: "libcrypto" | "node";
  /** @param privateKeyPem PKCS#8. @throws when it is not a private key of that algorithm. */
  load(privateKeyPem: string, algorithm: Algorithm): SigningKey;
  /** Lets the keys loaded go; they must not be used any more. */
  close(): void;
}

/** The best engine this machine has. */
export function createSigningEngine(): SigningEngine {
  const libcrypto = openLibcrypto();
  return libcrypto === null ? createNodeEngine() : {
    rsa: "libcrypto",
    load(pem, algorithm) {
      const key = parse(pem, algorithm);
      if (algorithm === "ed25519-sha256") return nodeKey(key, algorithm);
      return { algorithm, sign: libcrypto.rsaSigner(key.export({ type: "pkcs8", format: "der" })) };
    },
    close: () => libcrypto.close(),
  };
}

/** The engine that is always there; RSA takes a millisecond and more of the main thread. */
export function createNodeEngine(): SigningEngine {
  return {
    rsa: "node",
    load: (pem, algorithm) => nodeKey(parse(pem, algorithm), algorithm),
    close() {},
  };
}

type PrivateKey = ReturnType<typeof createPrivateKey>;

function parse(pem: string, algorithm: Algorithm): PrivateKey {
  const key = createPrivateKey(pem);
  if (`${key.asymmetricKeyType}-sha256` !== algorithm) {
    throw new TypeError(`a key for ${algorithm} expected, not ${key.asymmetricKeyType}`);
  }
  return key;
}

function nodeKey(key: PrivateKey, algorithm: Algorithm): SigningKey {
  return algorithm === "rsa-sha256"
    ? { algorithm, sign: async (data) => signNow("sha256", data, key) }
    // Ed25519 signs the SHA-256 of the data (RFC 8463 §3).
    : {
      algorithm,
      sign: async (data) => signNow(null, createHash("sha256").update(data).digest(), key),
    };
}
