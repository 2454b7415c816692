/** SMTP replies as they come off the wire (RFC 5321 §4.2, enhanced codes by RFC 2034 §4). */
import type { Reply } from "@chappe/src/events";
import { SmtpProtocolError } from "./error.ts";

export interface SmtpReply {
  readonly code: number;
  /** Text of each line after code and separator. */
  readonly lines: readonly string[];
}

const MAX_LINE = 4096;
const MAX_LINES = 256;
/** What the log takes of a reply's text. */
const MAX_TEXT = 2000;

/** Cuts a stream of bytes into replies. */
export class ReplyReader {
  /** One character per byte, so that a character cut in two by the network is put together again. */
  #rest = "";
  #lines: string[] = [];

  /** The replies that `chunk` completes. @throws {SmtpProtocolError} on anything else. */
  push(chunk: Uint8Array): SmtpReply[] {
    this.#rest += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
    const replies: SmtpReply[] = [];
    let from = 0;
    for (let end; (end = this.#rest.indexOf("\n", from)) >= 0; from = end + 1) {
      const line = this.#rest.slice(from, this.#rest[end - 1] === "\r" ? end - 1 : end);
      const reply = this.#line(line);
      if (reply !== null) replies.push(reply);
    }
    this.#rest = this.#rest.slice(from);
    if (this.#rest.length > MAX_LINE) throw new SmtpProtocolError("reply line too long");
    return replies;
  }

  #line(line: string): SmtpReply | null {
    const found = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line);
    if (found === null || line.length > MAX_LINE) {
      throw new SmtpProtocolError(`not an SMTP reply: ${printable(line.slice(0, 100))}`);
    }
    this.#lines.push(Buffer.from(found[3] ?? "", "latin1").toString());
    if (this.#lines.length > MAX_LINES) throw new SmtpProtocolError("reply of too many lines");
    if (found[2] === "-") return null;
    const lines = this.#lines;
    this.#lines = [];
    return { code: Number(found[1]), lines };
  }
}

const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)/;

/** The reply as the log keeps it: lines joined, the enhanced code (repeated on each) taken out. */
export function recordOf({ code, lines }: SmtpReply): Reply {
  const enhanced = lines.map((line) => ENHANCED.exec(line)?.[1]).find((e) => e !== undefined);
  const text = lines.map((line) => line.replace(ENHANCED, "").trim()).filter((l) => l !== "");
  return {
    code,
    enhanced: enhanced ?? null,
    text: printable(text.join(" ")).slice(0, MAX_TEXT),
  };
}

function printable(text: string): string {
  // deno-lint-ignore no-control-regex -- these are what must not go on into logs
  return text.replace(/[\x00-\x1f\x7f]+/g, " ");
}
