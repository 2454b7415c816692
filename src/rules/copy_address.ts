/**
 * Addresses of our own for each copy: its return path (MAIL FROM), so that what comes back says by
 * itself which delivery it is about, and the address to unsubscribe at. Nobody else can make one (as
 * BATV and VERP do, RFC 5321 §4.4 leaves the form to us).
 *
 * Local part: `b-` (return path) or `u-` (unsubscribe) and base32 (RFC 4648 §6, lower case) of key id (2), message id (16), hint of the
 * account (4), recipient (varint) and the first 8 bytes of an HMAC-SHA-256; 52 to 58 characters of
 * the 64 that RFC 5321 §4.5.3.1.1 allows. The account's id may be too long to stand in there: the
 * hint finds the few accounts it can be, and the signature covers the whole id and picks the one.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { parseUuid } from "../events/id.ts";
import { mac } from "./hmac.ts";
import { equal, type KeyOf, Reader, type SigningKey, Writer } from "./seal.ts";

/** What an address is for. */
export type Purpose = "bounce" | "unsubscribe";

/** One copy: what an address stands for. */
export interface CopyAddress {
  purpose: Purpose;
  account: string;
  /** Message id (UUID). */
  message: string;
  /** Recipient index in the message. */
  rcpt: number;
}

const PREFIXES = { bounce: "b-", unsubscribe: "u-" } as const;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const MAC = 8;
const MAX_BODY = 2 + 16 + 4 + 5;
const MAX_LOCAL_PART = 64;
/** Begins what is signed. No tracking token begins with one, so nothing can stand for something else. */
const LABELS = { bounce: 0, unsubscribe: 1 } as const;

const utf8 = new TextEncoder();

/** The last one asked for: copies come many of an account in a row. */
let last = { account: "", hint: hintOf("") };

/** 32 bits that tell accounts apart well enough to look them up by. */
export function accountHint(account: string): number {
  if (last.account !== account) last = { account, hint: hintOf(account) };
  return last.hint;
}

function hintOf(account: string): number {
  const b = sha256(utf8.encode(account));
  return (b[0]! << 24 | b[1]! << 16 | b[2]! << 8 | b[3]!) >>> 0;
}

/** The local part of an address for one copy. @throws {TypeError} when ids or numbers are none. */
export function mintCopyAddress(path: CopyAddress, key: SigningKey): string {
  const out = new Writer(new Uint8Array(MAX_BODY + MAC));
  out.kid(key.kid);
  out.raw(parseUuid(path.message));
  const hint = accountHint(path.account);
  for (const shift of [24, 16, 8, 0]) out.byte(hint >>> shift & 0xff);
  out.varint(path.rcpt);
  out.raw(signature(out.written(), path.purpose, path.account, key.secret));
  return PREFIXES[path.purpose] + encodeBase32(out.written());
}

/**
 * What a local part stands for; null unless one of our keys signed it. Never throws. Upper case is
 * read as lower: some servers on the way fold it.
 * @param accountsOf the accounts that have this {@link accountHint}
 */
export function readCopyAddress(
  localPart: string,
  keyOf: KeyOf,
  accountsOf: (hint: number) => Iterable<string>,
): CopyAddress | null {
  if (localPart.length > MAX_LOCAL_PART) return null;
  const lower = localPart.toLowerCase();
  const purpose = (["bounce", "unsubscribe"] as const).find((p) => lower.startsWith(PREFIXES[p]));
  if (purpose === undefined) return null;
  const bytes = decodeBase32(lower.slice(PREFIXES[purpose].length));
  if (bytes === null || bytes.length <= MAC) return null;
  const body = bytes.subarray(0, -MAC);
  const read = new Reader(body);
  const kid = read.kid();
  const message = read.uuid();
  const hint = read.raw(4);
  const rcpt = read.varint();
  if (message === null || hint === null || rcpt < 0 || read.left() > 0) return null;
  const secret = keyOf(kid);
  if (secret === undefined) return null;
  for (const account of accountsOf(new DataView(hint.slice().buffer).getUint32(0))) {
    if (equal(signature(body, purpose, account, secret), bytes.subarray(-MAC))) {
      return { purpose, account, message, rcpt };
    }
  }
  return null;
}

function signature(
  body: Uint8Array,
  purpose: Purpose,
  account: string,
  secret: Uint8Array,
): Uint8Array {
  const id = utf8.encode(account);
  const out = new Writer(new Uint8Array(1 + body.length + id.length));
  out.byte(LABELS[purpose]);
  out.raw(body);
  out.raw(id);
  return mac(secret, out.written(), MAC);
}

function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[held >> (bits - 5) & 31]!;
  }
  return bits === 0 ? text : text + ALPHABET[held << (5 - bits) & 31]!;
}

function decodeBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor(text.length * 5 / 8));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (const letter of text) {
    const value = ALPHABET.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5 | value) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes[at++] = held >> (bits -= 8) & 0xff;
  }
  return bits < 5 && (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}
