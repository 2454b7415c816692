/** One SMTP session: mail transactions one after another (RFC 5321 §3.3), in groups (RFC 2920). */
import { isAscii } from "../../smtp/address.ts";
import type { Reply } from "@chappe/src/events";
import { contentParts, isEightBit } from "./content.ts";
import type { Extensions } from "./extensions.ts";
import { recordOf, type SmtpReply } from "./reply.ts";
import type { Timeouts } from "./timeouts.ts";
import type { Wire } from "./wire.ts";

export interface TlsDetails {
  readonly version: string;
  readonly cipher: string;
}

export interface Mail {
  /** MAIL FROM; empty for the null reverse-path. */
  readonly sender: string;
  readonly recipient: string;
  /** With CRLF line ends, not dot-stuffed. */
  readonly data: Uint8Array;
  /** Headers hold UTF-8 (RFC 6532), so the server has to offer SMTPUTF8. */
  readonly smtpUtf8: boolean;
  /** Asked right before MAIL FROM is sent; false: it is not. */
  begin?(): boolean;
  /**
   * Asked when nothing is left to be sent but the end of the message; false: it is not, and the
   * session is over. Null: no need. @throws as false
   */
  readonly beforeEnd?: (() => Promise<boolean>) | null;
}

/** What came of one transaction: the reply that decided it, or why it cannot be sent at all. */
export type Transmission =
  | { readonly kind: "reply"; readonly reply: Reply; readonly taken: boolean }
  | { readonly kind: "unsendable"; readonly enhanced: string; readonly error: string }
  /** `begin` said no. The session is as it was. */
  | { readonly kind: "not-begun" }
  /** `beforeEnd` said no. */
  | { readonly kind: "not-ended" };

const QUIT_MS = 5_000;

export class Session {
  /** Transactions so far. */
  count = 0;
  /** The last transaction has sent the message itself: without a reply, its outcome is unknown. */
  contentSent = false;
  #ended = false;
  #reset = false;

  constructor(
    readonly wire: Wire,
    readonly host: string,
    readonly extensions: Extensions,
    readonly tls: TlsDetails | null,
    readonly timeouts: Timeouts,
  ) {}

  /** Whether another transaction may be tried. */
  get usable(): boolean {
    return !this.#ended && this.wire.open && !this.wire.unread;
  }

  /** @throws {SmtpConnectionError} @throws {SmtpProtocolError} after which the session is over. */
  async transmit(mail: Mail): Promise<Transmission> {
    this.contentSent = false;
    const unsendable = this.#unsendable(mail);
    if (unsendable !== null) return unsendable;
    this.count++;
    if (this.#reset && !this.extensions.pipelining) {
      // A round trip of its own: it may take its time before anything is begun.
      this.wire.write("RSET\r\n");
      const reset = await this.#reply(this.timeouts.command, "RSET");
      if (reset.code !== 250) return { kind: "reply", reply: recordOf(reset), taken: false };
      this.#reset = false;
    }
    if (mail.begin?.() === false) {
      this.count--;
      return { kind: "not-begun" };
    }
    const commands = [
      ...this.#reset ? ["RSET\r\n"] : [],
      `MAIL FROM:<${mail.sender}>${this.#parameters(mail)}\r\n`,
      `RCPT TO:<${mail.recipient}>\r\n`,
      "DATA\r\n",
    ];
    this.#reset = true;
    const { refused, go } = await this.#envelope(commands);
    if (refused !== null) {
      // It wants a message although it took no recipient: it gets an empty one (RFC 2920 §3.1).
      if (go) {
        this.wire.write(".\r\n");
        await this.#reply(this.timeouts.endOfData, "the end of the message");
      }
      return { kind: "reply", reply: recordOf(refused), taken: false };
    }
    if (!await this.#content(contentParts(mail.data), mail.beforeEnd ?? null)) {
      return { kind: "not-ended" };
    }
    const last = await this.#reply(this.timeouts.endOfData, "the end of the message");
    const taken = last.code >= 200 && last.code < 300;
    if (taken) this.#reset = false;
    return { kind: "reply", reply: recordOf(last), taken };
  }

  /** Says QUIT and closes the connection, politely where the server answers soon. */
  async quit(): Promise<void> {
    const polite = this.usable;
    this.#ended = true;
    if (polite) {
      this.wire.write("QUIT\r\n");
      // Whatever it answers, or does not: nothing depends on it.
      await this.wire.reply(QUIT_MS, "QUIT").catch(() => {});
    }
    this.wire.destroy();
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#ended = true;
    this.wire.destroy();
  }

  /** Sends the message, up to its end at least; whether that too. */
  async #content(parts: Buffer[], beforeEnd: (() => Promise<boolean>) | null): Promise<boolean> {
    if (beforeEnd === null) {
      this.contentSent = true;
      await this.wire.writeContent(parts, this.timeouts.content);
      return true;
    }
    const end = parts.pop()!;
    await this.wire.writeContent(parts, this.timeouts.content);
    // Where the connection is lost already, `reply` tells why.
    if (!this.wire.open) return true;
    const may = await beforeEnd().catch((error: unknown) => {
      this.destroy();
      throw error;
    });
    if (may) {
      // Nothing in between: who dies here has noted what did not go.
      this.wire.write(end);
      this.contentSent = true;
    } else this.destroy();
    return may;
  }

  /** Sends the commands up to DATA; `go` when the server answered DATA with 354. */
  async #envelope(commands: string[]): Promise<{ refused: SmtpReply | null; go: boolean }> {
    const { pipelining } = this.extensions;
    if (pipelining) this.wire.write(commands.join(""));
    let refused: SmtpReply | null = null;
    let go = false;
    for (const command of commands) {
      if (!pipelining) this.wire.write(command);
      const reply = await this.#reply(this.timeouts.command, command.slice(0, 4));
      go = command === "DATA\r\n" && reply.code === 354;
      const wanted = command === "DATA\r\n" ? go : reply.code >= 200 && reply.code < 300;
      if (!wanted) refused ??= reply;
      if (refused !== null && (!pipelining || reply.code === 421)) break;
    }
    return { refused, go };
  }

  async #reply(timeoutMs: number, phase: string): Promise<SmtpReply> {
    const reply = await this.wire.reply(timeoutMs, phase);
    if (reply.code === 421) this.#ended = true;
    return reply;
  }

  #parameters(mail: Mail): string {
    const { size, eightBitMime, smtpUtf8 } = this.extensions;
    return (size === null ? "" : ` SIZE=${mail.data.length}`) +
      (eightBitMime && isEightBit(mail.data) ? " BODY=8BITMIME" : "") +
      (smtpUtf8 && needsUtf8(mail) ? " SMTPUTF8" : "");
  }

  #unsendable(mail: Mail): Transmission | null {
    const { size, smtpUtf8 } = this.extensions;
    if (!isPath(mail.sender)) return unsendable("5.1.7", "the sender's address is malformed");
    if (!isPath(mail.recipient)) return unsendable("5.1.3", "the recipient's address is malformed");
    if (!smtpUtf8 && needsUtf8(mail)) {
      return unsendable("5.6.7", `${this.host} does not take internationalised mail (SMTPUTF8)`);
    }
    if (size !== null && size > 0 && mail.data.length > size) {
      return unsendable(
        "5.3.4",
        `the message has ${mail.data.length} bytes; ${this.host} takes ${size} at the most`,
      );
    }
    return null;
  }
}

function unsendable(enhanced: string, error: string): Transmission {
  return { kind: "unsendable", enhanced, error };
}
function needsUtf8(mail: Mail): boolean {
  return mail.smtpUtf8 || !isAscii(mail.sender) || !isAscii(mail.recipient);
}
/** Nothing in it may end the path or the line. */
function isPath(address: string): boolean {
  // deno-lint-ignore no-control-regex -- these would end the line or mislead a log
  return address.length <= 254 && !/[\x00-\x1f\x7f<>]/.test(address);
}
