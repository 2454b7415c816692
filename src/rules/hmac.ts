/**
 * HMAC-SHA-256 (RFC 2104) over short messages. Synchronous, because a promise for each token costs
 * more than the hash; the padded key is hashed once and kept. Blocks are hashed by the library; they
 * are filled and closed (FIPS 180-4 §5.1.1) here, which is half the work of a message of one block.
 */
import { hmac } from "@noble/hashes/hmac.js";
import { _SHA256, sha256 } from "@noble/hashes/sha2.js";

const BLOCK = 64;
/** The last bytes of a message's last block tell its length, in bits. */
const LENGTH_AT = BLOCK - 4;

/** What a hash has come to, between blocks. */
class State extends _SHA256 {
  words(): readonly number[] {
    return this.get();
  }

  /** Hashes all of a message that follows one block, from what that block came to. */
  finish(words: readonly number[], bytes: Uint8Array, length: number): void {
    const { buffer, view } = this;
    this.set(
      words[0]!,
      words[1]!,
      words[2]!,
      words[3]!,
      words[4]!,
      words[5]!,
      words[6]!,
      words[7]!,
    );
    let place = 0;
    for (let i = 0; i < length; i++) {
      buffer[place++] = bytes[i]!;
      if (place === BLOCK) {
        this.process(view, 0);
        place = 0;
      }
    }
    buffer[place++] = 0x80;
    if (place > BLOCK - 8) {
      while (place < BLOCK) buffer[place++] = 0;
      this.process(view, 0);
      place = 0;
    }
    while (place < LENGTH_AT) buffer[place++] = 0;
    view.setUint32(LENGTH_AT, (BLOCK + length) * 8);
    this.process(view, 0);
  }

  write(into: DataView): void {
    const { A, B, C, D, E, F, G, H } = this;
    into.setUint32(0, A);
    into.setUint32(4, B);
    into.setUint32(8, C);
    into.setUint32(12, D);
    into.setUint32(16, E);
    into.setUint32(20, F);
    into.setUint32(24, G);
    into.setUint32(28, H);
  }
}

/** By secret: what the hashes within and around have come to after the padded key. */
const prepared = new WeakMap<Uint8Array, { inner: readonly number[]; outer: readonly number[] }>();
const state = new State();
const digest = new Uint8Array(32);
const digestView = new DataView(digest.buffer);

/**
 * The first `length` bytes of the HMAC over `bytes`. The result is overwritten by the next call.
 * @param secret the same array each time: what was prepared is kept by its identity
 */
export function mac(secret: Uint8Array, bytes: Uint8Array, length: number): Uint8Array {
  compute(secret, bytes, bytes.length);
  return digest.subarray(0, length);
}

/**
 * Whether the last `macLength` bytes are the HMAC over those before them, cut to that length; in a
 * time that depends on lengths only.
 * @param end where the bytes stop
 */
export function isSealed(
  secret: Uint8Array,
  bytes: Uint8Array,
  end: number,
  macLength: number,
): boolean {
  const start = end - macLength;
  compute(secret, bytes, start);
  let difference = 0;
  for (let i = 0; i < macLength; i++) difference |= bytes[start + i]! ^ digest[i]!;
  return difference === 0;
}

/** Of the first `length` bytes, into {@link digest}. */
function compute(secret: Uint8Array, bytes: Uint8Array, length: number): void {
  const { inner, outer } = prepared.get(secret) ?? prepare(secret);
  state.finish(inner, bytes, length);
  state.write(digestView);
  state.finish(outer, digest, digest.length);
  state.write(digestView);
}

function prepare(secret: Uint8Array) {
  const { iHash, oHash } = hmac.create(sha256, secret);
  const entry = { inner: wordsOf(iHash), outer: wordsOf(oHash) };
  prepared.set(secret, entry);
  return entry;
}

function wordsOf(hash: _SHA256): readonly number[] {
  const copy = new State();
  hash._cloneInto(copy);
  return copy.words();
}
