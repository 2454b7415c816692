/** DKIM signatures (RFC 6376; Ed25519: RFC 8463). */
import { hash } from "node:crypto";
import { Buffer } from "node:buffer";
import { toBytes, toText } from "../bytes.ts";
import { type Field, type Header, readHeader } from "../header/fields.ts";
import { relaxedBody, relaxedField } from "./canonical.ts";
import type { SigningKey } from "./engine.ts";

/** Who signs, and with what. */
export interface Signer {
  /** `d=`: an A-label domain name. */
  readonly domain: string;
  /** `s=` */
  readonly selector: string;
  readonly key: SigningKey;
}

/**
 * Signed as often as they appear and once more, so that nobody can add one (RFC 6376 §8.15).
 */
const SIGNED = [
  "From",
  "To",
  "Cc",
  "Subject",
  "Date",
  "Message-ID",
  "Reply-To",
  "Sender",
  "MIME-Version",
  "Content-Type",
  "Content-Transfer-Encoding",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
  "Feedback-ID",
];

/** Signed where they appear (RFC 6376 §5.4.1); that somebody adds one on the way changes little. */
const SIGNED_IF_PRESENT = [
  "In-Reply-To",
  "References",
  "Content-ID",
  "Content-Description",
  "Content-Disposition",
  "Content-Language",
  "List-Id",
  "List-Help",
  "List-Owner",
  "List-Post",
  "List-Subscribe",
  "List-Archive",
];

/**
 * The message with a signature of each signer on top, relaxed/relaxed.
 *
 * @param message RFC 5322 with CRLF line ends
 * @param time `t=`, ms UTC
 */
export async function sign(
  message: Uint8Array,
  signers: readonly Signer[],
  time: number,
): Promise<Uint8Array> {
  if (signers.length === 0) return message;
  const bodyStart = headerLength(message);
  const text = toText(message.subarray(0, bodyStart));
  const { names, lines } = chosen(text, readHeader(text));
  const bodyHash = hash("sha256", relaxedBody(message.subarray(bodyStart)), "base64");
  const t = Math.floor(time / 1000);

  const signatures = await Promise.all(signers.map(async ({ domain, selector, key }) => {
    const value = ` v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${domain}; s=${selector};` +
      `\r\n\tt=${t}; bh=${bodyHash};\r\n\th=${names};\r\n\tb=`;
    const own = `dkim-signature:${value.trim().replace(/[\r\n\t ]+/g, " ")}`;
    const signature = await key.sign(toBytes(lines + own));
    return `DKIM-Signature:${value}${folded(Buffer.from(signature).toString("base64"))}\r\n`;
  }));

  const top = toBytes(signatures.join(""));
  const signed = new Uint8Array(top.length + message.length);
  signed.set(top);
  signed.set(message, top.length);
  return signed;
}

/** Behind the header's empty line. */
function headerLength(message: Uint8Array): number {
  if (message[0] === 13 && message[1] === 10) return 2;
  const end = Buffer.from(message.buffer, message.byteOffset, message.length).indexOf("\r\n\r\n");
  return end < 0 ? message.length : end + 4;
}

/** The value of `h=` and the canonical form of the fields it names, in its order. */
function chosen(text: string, header: Header): { names: string; lines: string } {
  const byName = Map.groupBy(header.fields, (field: Field) => field.name);
  const rows: string[] = [];
  let lines = "";
  const take = (name: string, more: number) => {
    const fields = byName.get(name.toLowerCase()) ?? [];
    rows.push(`${name}:`.repeat(fields.length + more));
    // Several of a name are taken from the bottom up (RFC 6376 §5.4.2).
    for (const field of fields.toReversed()) lines += `${relaxedField(text, field)}\r\n`;
  };
  for (const name of SIGNED) take(name, 1);
  for (const name of SIGNED_IF_PRESENT) take(name, 0);
  return { names: foldNames(rows.join("").slice(0, -1)), lines };
}

/** Folds a list of names behind its colons, in lines of about 70 characters. */
function foldNames(names: string): string {
  return names.replace(/([^\r\n]{40,70}:)(?=.)/g, "$1\r\n\t ");
}

function folded(code: string): string {
  return code.replace(/.{72}(?=.)/g, "$&\r\n\t ");
}
