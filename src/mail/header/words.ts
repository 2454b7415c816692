/** Encoded words in header values (RFC 2047), made readable. */
import { Buffer } from "node:buffer";
import { decodeText, toBytes } from "../bytes.ts";

/** charset (a language may follow it, RFC 2231 §5), encoding, text */
const WORD = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;

/**
 * Text of an unfolded header value given as byte text. Adjacent encoded words are joined before
 * they are decoded, since senders split characters between them. What cannot be decoded stays as it
 * is; control characters become spaces.
 */
export function decodeWords(value: string): string {
  const text = value.includes("=?") ? decodeEncoded(value) : decodeText(value);
  return text.replace(/\p{Cc}+/gu, " ");
}

function decodeEncoded(value: string): string {
  let text = "";
  let at = 0;
  let run: { charset: string; bytes: string; source: string } | null = null;
  const flush = () => {
    if (run !== null) text += decodeRun(run.charset, run.bytes) ?? run.source;
    run = null;
  };
  for (const word of value.matchAll(WORD)) {
    const between = value.slice(at, word.index);
    const charset = word[1]!.toLowerCase();
    const bytes = word[2]!.toLowerCase() === "b" ? fromBase64(word[3]!) : fromQ(word[3]!);
    // White space between two encoded words is not shown (RFC 2047 §6.2).
    if (run === null || between.trim() !== "") {
      flush();
      text += decodeText(between);
    } else if (run.charset !== charset) flush();
    if (run === null) run = { charset, bytes, source: word[0] };
    else run = { charset, bytes: run.bytes + bytes, source: run.source + between + word[0] };
    at = word.index + word[0].length;
  }
  flush();
  return text + decodeText(value.slice(at));
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString("latin1");
}

function fromQ(text: string): string {
  return text.replaceAll("_", " ")
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

function decodeRun(charset: string, bytes: string): string | null {
  try {
    return new TextDecoder(charset).decode(toBytes(bytes));
  } catch {
    return null; // a charset nobody knows
  }
}
