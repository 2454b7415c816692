/**
 * RSA signatures by OpenSSL's libcrypto (1.1 or 3), on threads of their own: some five times as
 * fast as the runtime's, and the main thread goes on meanwhile.
 */

const NAMES: Record<string, readonly string[]> = {
  linux: ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"],
  darwin: [
    "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib",
    "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
  ],
};

/**
 * Leaves out what libcrypto does as the process exits: it frees what its threads still hold, and
 * sometimes brought the process down. The system takes everything back anyway.
 */
const INIT_NO_ATEXIT = 0x80000n;

const SYMBOLS = {
  OPENSSL_init_crypto: { parameters: ["u64", "pointer"], result: "i32" },
  d2i_AutoPrivateKey: { parameters: ["pointer", "buffer", "i64"], result: "pointer" },
  EVP_PKEY_size: { parameters: ["pointer"], result: "i32", optional: true },
  EVP_PKEY_get_size: { parameters: ["pointer"], result: "i32", optional: true },
  EVP_PKEY_free: { parameters: ["pointer"], result: "void" },
  EVP_MD_CTX_new: { parameters: [], result: "pointer" },
  EVP_MD_CTX_free: { parameters: ["pointer"], result: "void" },
  EVP_sha256: { parameters: [], result: "pointer" },
  EVP_DigestSignInit: {
    parameters: ["pointer", "pointer", "pointer", "pointer", "pointer"],
    result: "i32",
  },
  EVP_DigestSign: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "usize"],
    result: "i32",
    nonblocking: true,
  },
} as const;

type Libcrypto = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

export interface LibcryptoSigner {
  /** @param pkcs8 DER of an RSA private key. @throws when it cannot be read. */
  rsaSigner(pkcs8: Uint8Array): (data: Uint8Array) => Promise<Uint8Array>;
  /** Frees all keys once the signatures under way are done. */
  close(): void;
}

/** Null when there is no such library here, or no leave to load it (`--allow-ffi`). */
export function openLibcrypto(
  names: readonly string[] = NAMES[Deno.build.os] ?? [],
): LibcryptoSigner | null {
  for (const name of names) {
    try {
      return signerOf(Deno.dlopen(name, SYMBOLS));
    } catch {
      // The next name may be the one this system knows.
    }
  }
  return null;
}

function signerOf(library: Deno.DynamicLibrary<typeof SYMBOLS>): LibcryptoSigner {
  const lib: Libcrypto = library.symbols;
  lib.OPENSSL_init_crypto(INIT_NO_ATEXIT, null);
  const sha256 = lib.EVP_sha256();
  const keys: Deno.PointerValue[] = [];
  /** What calls under way read and write: nothing else keeps it from being collected. */
  const inUse = new Set<object>();
  let closed = false;

  const free = () => {
    for (const key of keys.splice(0)) lib.EVP_PKEY_free(key);
    library.close();
  };

  return {
    rsaSigner(pkcs8) {
      const key = readKey(lib, pkcs8);
      const size = (lib.EVP_PKEY_get_size ?? lib.EVP_PKEY_size)!(key);
      keys.push(key);
      return async (data) => {
        if (closed) throw new Error("the signing engine is closed");
        const context = lib.EVP_MD_CTX_new();
        const signature = new Uint8Array(size);
        const length = BigUint64Array.of(BigInt(size));
        const held = { data, signature, length };
        inUse.add(held);
        try {
          if (lib.EVP_DigestSignInit(context, null, sha256, null, key) !== 1) {
            throw new Error("libcrypto cannot sign with this key");
          }
          const done = await lib.EVP_DigestSign(
            context,
            signature,
            new Uint8Array(length.buffer),
            data as Uint8Array<ArrayBuffer>,
            BigInt(data.length),
          );
          if (done !== 1) throw new Error("libcrypto failed to sign");
          return signature.subarray(0, Number(length[0]));
        } finally {
          lib.EVP_MD_CTX_free(context);
          inUse.delete(held);
          if (closed && inUse.size === 0) free();
        }
      };
    },
    close() {
      if (closed) return;
      closed = true;
      if (inUse.size === 0) free();
    },
  };
}

/** `d2i` functions move the pointer they are given, so they get one of their own. */
function readKey(lib: Libcrypto, pkcs8: Uint8Array): Deno.PointerValue {
  const bytes = new Uint8Array(pkcs8);
  const address = BigUint64Array.of(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
  const key = lib.d2i_AutoPrivateKey(null, new Uint8Array(address.buffer), BigInt(bytes.length));
  if (key === null) throw new TypeError("libcrypto cannot read this private key");
  return key;
}
