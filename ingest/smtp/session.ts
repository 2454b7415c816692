/** smtp-server's session, adjusted through its public methods `init`, `connectionReady` and `send`. */
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import type { Transaction } from "./transaction.ts";
import { type Refusal, shuttingDown } from "./refusal.ts";

const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;

export class Session extends SMTPConnection {
  /** The mail transaction that MAIL began (RFC 5321 §3.3). */
  transaction: Transaction | null = null;
  /** Between DATA and its reply. */
  receiving = false;
  failedLogins = 0;
  /** When the session last got somewhere: connected, or got the reply to a message (ms UTC). */
  progressAt = 0;
  /** Whether AUTH is allowed before STARTTLS. */
  loginsInClear = false;
  #greeted = false;

  /**
   * The library greets after 100 ms, to catch clients that talk first. That tells spam apart from
   * mail at an MX; here only customers talk, many of which connect anew for each message. So it
   * greets at once, and the library's own later call finds the greeting done.
   */
  override init(): void {
    super.init();
    this.connectionReady();
  }

  override connectionReady(next?: () => void): void {
    if (this.#greeted) return;
    this.#greeted = true;
    super.connectionReady(next);
  }

  /**
   * The library puts an enhanced status code of its own before each reply, chosen by the basic code
   * (every 550 is a 5.1.1). Where a text brings its own code, that one stands alone.
   *
   * Also AUTH is not advertised while it would be refused: some clients send the password at once.
   */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    if (Array.isArray(data)) {
      const mayLogIn = this.secure || this.loginsInClear;
      super.send(code, data.filter((line) => mayLogIn || !line.startsWith("AUTH ")), context);
      return;
    }
    const text = data === "Server shutting down" ? shuttingDown().message : data ?? "";
    super.send(code, text, ENHANCED.test(text) ? false : context);
  }

  /** Says goodbye and closes (a 421 always closes). */
  dismiss(refusal: Refusal): void {
    this.send(refusal.responseCode, refusal.message);
  }
}
