/** smtp-server's session, adjusted through its public methods `init`, `connectionReady` and `send`. */
import type { Socket } from "node:net";
import type { SMTPServer } from "smtp-server";
import { SMTPConnection } from "smtp-server/lib/smtp-connection.js";
import { networkOf } from "./network.ts";
import { Pace, type Patience } from "./pace.ts";
import type { Seated } from "./places.ts";
import type { Transaction } from "./transaction.ts";
import { type Refusal, shuttingDown } from "./refusal.ts";

const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3} /;

export class Session extends SMTPConnection implements Seated {
  /** The mail transaction that MAIL began (RFC 5321 §3.3). */
  transaction: Transaction | null = null;
  /** Between DATA and its reply. */
  receiving = false;
  failedLogins = 0;
  readonly network: string;
  /** Whether AUTH is allowed before STARTTLS. */
  loginsInClear = false;
  #greeted = false;
  #known = false;
  readonly #pace: Pace;
  readonly #socket: Socket;
  readonly #now: () => number;

  constructor(
    server: SMTPServer,
    socket: Socket,
    options: { id?: string; ignore?: boolean } | null | undefined,
    now: () => number,
  ) {
    super(server, socket, options);
    this.#socket = socket;
    this.#now = now;
    this.#pace = new Pace(now());
    this.network = networkOf(this.remoteAddress);
  }

  get repliedAt(): number {
    return this.#pace.repliedAt;
  }

  get stranger(): boolean {
    return !this.session.user && !this.receiving;
  }

  isTooSlow(patience: Patience): boolean {
    this.#known ||= Boolean(this.session.user) || this.transaction !== null;
    const { receiving } = this;
    const sight = { bytes: this.#socket.bytesRead, receiving, known: this.#known };
    return this.#pace.isTooSlow(sight, patience, this.#now());
  }

  /** Notes that the session has the reply to its message. */
  finished(): void {
    this.receiving = false;
    this.#pace.finished(this.#now());
  }

  /**
   * The library greets after 100 ms, to catch clients that talk first. That tells spam apart from
   * mail at an MX; here only customers talk, many of which connect anew for each message. So it
   * greets at once, and the library's own later call finds the greeting done. Where TLS comes
   * first, "at once" is when it stands.
   */
  override init(): void {
    super.init();
    if (!this.needsUpgrade) this.connectionReady();
  }

  override upgrade(callback: () => void, secured?: () => void): void {
    super.upgrade(callback, () => {
      secured?.();
      if (this.needsUpgrade) this.connectionReady();
    });
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
    this.#pace.replied(this.#socket.bytesRead, this.#now());
    if (Array.isArray(data)) {
      const mayLogIn = this.secure || this.loginsInClear;
      super.send(code, data.filter((line) => mayLogIn || !line.startsWith("AUTH ")), context);
      return;
    }
    const text = data === "Server shutting down" ? shuttingDown().message : data ?? "";
    super.send(code, text, ENHANCED.test(text) ? false : context);
  }

  /** Says goodbye, and does not wait for the client to close its side if nobody knows it. */
  dismissNow(refusal: Refusal): void {
    this.dismiss(refusal);
    if (!this.#known) this.#socket.destroySoon();
  }

  /** Says goodbye and closes (a 421 always closes). */
  dismiss(refusal: Refusal): void {
    this.send(refusal.responseCode, refusal.message);
  }
}
