/** smtp-server with our sessions, and what it needs to know of them. */
import type { AddressInfo, Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { type Patience, shortest } from "./pace.ts";
import { createPlaces, type Places } from "./places.ts";
import { placeTaken, type Refusal, shuttingDown, tooManyConnections, tooSlow } from "./refusal.ts";
import { Session } from "./session.ts";

export type { Patience } from "./pace.ts";

/** How often slow sessions are looked for. */
const SWEEP_MS = 5_000;

export class Server extends SMTPServer {
  readonly #sessions = new Map<SMTPServerSession, Session>();
  readonly #patience: Patience;
  readonly #now: () => number;
  readonly #places: Places<Session>;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #draining = false;

  /** @param places those of all servers that share them; `maxClients` of its own by default */
  constructor(
    { maxClients = Infinity, ...options }: SMTPServerOptions,
    patience: Patience,
    now: () => number,
    places: Places<Session> = createPlaces({ total: maxClients, perNetwork: Infinity }),
  ) {
    super({ ...options, socketTimeout: patience.idle });
    this.#patience = patience;
    this.#now = now;
    this.#places = places;
  }

  /** Rejects with the system's error, such as `EADDRINUSE`. */
  async listenOn({ hostname, port }: { hostname: string; port: number }): Promise<AddressInfo> {
    const listening = Promise.withResolvers<void>();
    this.once("error", listening.reject);
    this.listen(port, hostname, listening.resolve);
    await listening.promise;
    this.off("error", listening.reject);
    const every = Math.min(SWEEP_MS, shortest(this.#patience) / 2);
    this.#sweep = setInterval(() => this.#dismissSlow(), every);
    return this.server.address() as AddressInfo;
  }

  #dismissSlow(): void {
    for (const session of this.connections as Set<Session>) {
      if (session.isTooSlow(this.#patience)) this.#cut(session, tooSlow());
    }
  }

  #cut(session: Session, why: Refusal): void {
    this.#places.leave(session);
    session.dismissNow(why);
  }

  override connect(socket: Socket, options?: { id?: string; ignore?: boolean } | null): void {
    const session = new Session(this, socket, options, this.#now);
    const gone = this.#places.enter(session, this.#now());
    if (gone === undefined) return refuse(socket, session.secure);
    if (gone !== null) gone.dismissNow(placeTaken());
    session.loginsInClear = this.options.allowInsecureAuth === true;
    this.connections.add(session);
    this.#sessions.set(session.session, session);
    session.on("error", (error) => this.emit("error", error));
    session.init();
  }

  override onClose(smtp: SMTPServerSession): void {
    const session = this.#sessions.get(smtp);
    if (session !== undefined) this.#places.leave(session);
    this.#sessions.delete(smtp);
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
    session.finished();
    if (this.#draining) session.dismiss(shuttingDown());
  }
}

/** Says so where that can be read: not before a TLS handshake. */
function refuse(socket: Socket, secure: boolean): void {
  socket.on("error", () => {});
  const { reply } = tooManyConnections();
  if (!secure) socket.write(`${reply.code} ${reply.enhanced} ${reply.text}\r\n`);
  socket.destroySoon();
}
