/** smtp-server with our sessions, and what it needs to know of them. */
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { shuttingDown, tooSlow } from "./refusal.ts";
import { Session } from "./session.ts";

export interface Patience {
  /** Without a byte from the client, ms. RFC 5321 §4.5.3.2.7 asks for five minutes at least. */
  idle: number;
  /** Without a finished message, ms: what an idle timer does not see is a client that dribbles. */
  message: number;
}

/** How often slow sessions are looked for. */
const SWEEP_MS = 5_000;

export class Server extends SMTPServer {
  readonly #sessions = new Map<SMTPServerSession, Session>();
  readonly #patience: Patience;
  readonly #now: () => number;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #draining = false;

  constructor(options: SMTPServerOptions, patience: Patience, now: () => number) {
    super({ ...options, socketTimeout: patience.idle });
    this.#patience = patience;
    this.#now = now;
  }

  /** Rejects with the system's error, such as `EADDRINUSE`. */
  async listenOn({ hostname, port }: { hostname: string; port: number }): Promise<AddressInfo> {
    const listening = Promise.withResolvers<void>();
    this.once("error", listening.reject);
    this.listen(port, hostname, listening.resolve);
    await listening.promise;
    this.off("error", listening.reject);
    const every = Math.min(SWEEP_MS, this.#patience.message);
    this.#sweep = setInterval(() => this.#dismissSlow(), every);
    return this.server.address() as AddressInfo;
  }

  #dismissSlow(): void {
    const since = this.#now() - this.#patience.message;
    for (const session of this.#sessions.values()) {
      if (session.progressAt < since) session.dismiss(tooSlow());
    }
  }

  override connect(socket: Socket, options?: { id?: string; ignore?: boolean } | null): void {
    const session = new Session(this, socket, options);
    session.progressAt = this.#now();
    session.loginsInClear = this.options.allowInsecureAuth === true;
    this.connections.add(session);
    this.#sessions.set(session.session, session);
    session.on("error", (error) => this.emit("error", error));
    session.init();
  }

  override onClose(session: SMTPServerSession): void {
    this.#sessions.delete(session);
  }

  /** Our session behind the one the library's handlers are given. */
  of(session: SMTPServerSession): Session {
    return this.#sessions.get(session)!;
  }

  /**
   * Takes no more connections, says goodbye to those that send no message just now, and to the
   * others when they have their reply or `drainMs` have passed.
   */
  async drain(drainMs: number): Promise<void> {
    this.#draining = true;
    this.options.closeTimeout = Math.max(1, drainMs);
    const closed = new Promise<void>((resolve) => this.close(resolve));
    for (const session of this.#sessions.values()) {
      if (!session.receiving) session.dismiss(shuttingDown());
    }
    await closed;
    clearInterval(this.#sweep);
  }

  /** Notes that the session has the reply to its message. */
  finished(session: Session): void {
    session.receiving = false;
    session.progressAt = this.#now();
    if (this.#draining) session.dismiss(shuttingDown());
  }
}
