/**
 * Tracking tokens: signed, stateless, compact.
 *
 * Bytes: version 3 in the upper four bits, in the lower whether a mailing stands in it, mode and kind;
 * key id (2); length of the account (1) and account; message id (16); recipient (varint) and their tag
 * (8); when the copy was prepared (6); the mailing (6), if any; for clicks the link's position (varint)
 * and its target up to the signature; for files the place of the file and of the link, where the log
 * tells of them (6 and varint), and the name up to the signature; HMAC-SHA-256 cut to 16 bytes. Text:
 * base64url. There is exactly one text for a token, so that nothing can be changed and still be read.
 * Version 2, in mail already sent, knew neither time nor mailing, nor files.
 */
import { parseUuid } from "../events/id.ts";
import { decodeBase64urlBytes, decodeBase64urlInto, encodeBase64url } from "./base64url.ts";
import { isSealed, mac } from "./hmac.ts";
import { isPlainUrl } from "./plain_url.ts";
import { type KeyOf, Reader, type SigningKey, Writer } from "./seal.ts";

/** What all tokens of one copy say. */
export interface TokenSubject {
  account: string;
  /** Message id (UUID). */
  message: string;
  /** Recipient index in the message. */
  rcpt: number;
  /** Stands for the recipient in all mail of the account (rules/recipient). */
  tag: bigint;
  mode: "date-only" | "full";
  /** When the copy was prepared, for the attempt that sent it: ms UTC. */
  prepared: number;
  /** Stands for what the sender files the message under (rules/mailing); null for nothing. */
  mailing: number | null;
}

/** What tells them apart. */
export type TokenPurpose =
  | { kind: "open" }
  /** Position of the link in the message, from 0, and where it leads (http or https). */
  | { kind: "click"; link: number; url: string }
  | { kind: "unsubscribe" }
  | ({ kind: "file" } & FileClaims);

/** A file of the message that stands behind a link. */
export interface FileClaims {
  /** Place among the message's files, from 0. */
  file: number;
  /** Its name, as it is to be saved. */
  name: string;
  /** Position of the link in the message, after all others; null when nothing is to be recorded. */
  link: number | null;
  /** Where the log says that the message was accepted, and with which files. */
  told: { seq: number; index: number };
}

/** What a token is made from. */
export type NewTokenClaims = TokenSubject & TokenPurpose;

/** What a tracking link says; `prepared` is null in links of version 2. */
export type TokenClaims =
  & Omit<TokenSubject, "prepared">
  & { prepared: number | null }
  & TokenPurpose;

/** Longest target of a click, in UTF-8 bytes. */
export const MAX_TARGET = 8192;
/** Longest name of a file, in UTF-8 bytes. */
const MAX_NAME = 1024;
const MAX_ACCOUNT = 255;
const MAC = 16;
/** Everything that is not account, target, name or signature, at its longest. */
const FIXED = 1 + 2 + 1 + 16 + 5 + 8 + 6 + 6 + (5 + 5 + 6 + 5);
const MAX_TEXT = Math.ceil((FIXED + MAX_ACCOUNT + MAX_TARGET + MAC) * 4 / 3);

const VERSION = 3 << 4;
const VERSION_2 = 2 << 4;
const MAILING = 8;
const FULL = 4;
const KINDS = ["open", "click", "unsubscribe", "file"] as const;

const utf8 = new TextEncoder();

/**
 * Whether a click may lead there: an absolute http or https URL (RFC 9110 §4.2) without control
 * characters, at most {@link MAX_TARGET} bytes long.
 */
export function isTarget(url: string): boolean {
  return url.length <= MAX_TARGET && (isPlainUrl(url) ||
    (/^https?:\/\/[^/?#\\\p{Cc}]\P{Cc}*$/iu.test(url) && url.isWellFormed() && URL.canParse(url)));
}

/** Signs claims. @throws {TypeError} when they do not fit a token (target, account, ids, time). */
export function mintToken(claims: NewTokenClaims, key: SigningKey): string {
  return tokenMinter(claims, key)(claims);
}

/** Where tokens are written and read: nothing else runs until one is done. */
const scratch = new Uint8Array(FIXED + MAX_ACCOUNT + 3 * MAX_TARGET + MAC);
const read = new Reader(scratch);

/**
 * Mints the tokens of one copy, each the same as {@link mintToken} makes: what they share is checked
 * and written once. Both throw {TypeError} when claims do not fit a token.
 */
export function tokenMinter(
  { account, message, rcpt, tag, mode, prepared, mailing }: TokenSubject,
  key: SigningKey,
): (purpose: TokenPurpose) => string {
  const name = utf8.encode(account);
  if (name.length === 0 || name.length > MAX_ACCOUNT || !account.isWellFormed()) {
    throw new TypeError(`not an account for a token: ${account.slice(0, 60)}`);
  }
  const head = new Writer(new Uint8Array(FIXED + name.length));
  head.byte(VERSION | (mailing === null ? 0 : MAILING) | (mode === "full" ? FULL : 0));
  head.kid(key.kid);
  head.byte(name.length);
  head.raw(name);
  head.raw(parseUuid(message));
  head.varint(rcpt);
  head.word(tag);
  head.word48(prepared);
  if (mailing !== null) head.word48(mailing);
  const shared = head.written();

  return (purpose) => {
    const out = new Writer(scratch);
    out.raw(shared);
    scratch[0]! |= KINDS.indexOf(purpose.kind);
    if (purpose.kind === "click") {
      out.varint(purpose.link);
      const start = out.at;
      if (isTarget(purpose.url)) out.text(purpose.url);
      if (out.at === start || out.at - start > MAX_TARGET) {
        throw new TypeError(`not a target for a click: ${purpose.url.slice(0, 60)}`);
      }
    } else if (purpose.kind === "file") writeFile(out, purpose);
    out.raw(mac(key.secret, out.written(), MAC));
    return encodeBase64url(out.written());
  };
}

function writeFile(out: Writer, { file, name, link, told }: FileClaims): void {
  out.varint(file);
  out.varint(link === null ? 0 : link + 1);
  out.word48(told.seq);
  out.varint(told.index);
  const start = out.at;
  if (isName(name)) out.text(name);
  if (out.at === start || out.at - start > MAX_NAME) {
    throw new TypeError(`not a name for a file: ${name.slice(0, 60)}`);
  }
}

/** Fit for a header, once it is encoded. */
function isName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME && name.isWellFormed() && !/\p{Cc}/u.test(name);
}

/** The claims of a token that one of our keys signed; null for everything else. Never throws. */
export function verifyToken(token: string, keyOf: KeyOf): TokenClaims | null {
  return token.length > MAX_TEXT ? null : verified(decodeBase64urlInto(token, scratch), keyOf);
}

/** The same for a token whose letters are the bytes from `from` to `to`. */
export function verifyTokenBytes(
  bytes: Uint8Array,
  from: number,
  to: number,
  keyOf: KeyOf,
): TokenClaims | null {
  const isLong = to - from > MAX_TEXT;
  return isLong ? null : verified(decodeBase64urlBytes(bytes, from, to, scratch), keyOf);
}

/** What so many bytes of {@link scratch} say. */
function verified(length: number, keyOf: KeyOf): TokenClaims | null {
  if (length <= MAC) return null;
  read.restart(length - MAC);
  const head = read.byte();
  const kid = read.kid();
  const secret = kid < 0 ? undefined : keyOf(kid);
  if (secret === undefined || !isSealed(secret, scratch, length, MAC)) return null;
  return readClaims(head);
}

/** What stands after head and key id. Signed by us, and still read as if it were not. */
function readClaims(head: number): TokenClaims | null {
  const kind = KINDS[head & 3];
  const isOld = (head & ~(FULL | 3)) === VERSION_2;
  if ((!isOld && (head & ~(MAILING | FULL | 3)) !== VERSION) || kind === undefined) return null;
  const mode = (head & FULL) !== 0 ? "full" : "date-only";
  const account = read.text(read.byte());
  const message = read.uuid();
  const rcpt = read.varint();
  const tag = read.word();
  const prepared = isOld ? null : read.word48();
  const mailing = (head & MAILING) === 0 ? null : read.word48();
  if (account === null || account === "" || message === null || rcpt < 0 || tag < 0n) return null;
  if (prepared === -1 || mailing === -1) return null;
  const base = { account, message, rcpt, tag, mode, prepared, mailing } as const;
  if (kind === "file") {
    const claims = isOld ? null : readFile();
    return claims === null ? null : { ...base, kind, ...claims };
  }
  if (kind !== "click") return read.left() === 0 ? { ...base, kind } : null;
  const link = read.varint();
  if (link < 0 || read.left() > MAX_TARGET) return null;
  const url = read.text(read.left());
  return url === null || !isTarget(url) ? null : { ...base, kind, link, url };
}

function readFile(): FileClaims | null {
  const [file, link, seq, index] = [read.varint(), read.varint(), read.word48(), read.varint()];
  if (file < 0 || link < 0 || seq < 0 || index < 0 || read.left() > MAX_NAME) return null;
  const name = read.text(read.left());
  if (name === null || !isName(name)) return null;
  return { file, name, link: link === 0 ? null : link - 1, told: { seq, index } };
}
