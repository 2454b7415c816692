/** One address that senders connect to, and how TLS begins there. */
import type { AddressInfo } from "node:net";
import type { Places } from "../smtp/places.ts";
import { type Patience, Server } from "../smtp/server.ts";
import type { Session } from "../smtp/session.ts";
import { createHandlers, type HandlerOptions, type Handlers } from "./handlers.ts";

export interface Listener {
  hostname: string;
  /** 0 takes a free one. */
  port: number;
  /**
   * `starttls`: no AUTH (538) and no MAIL (530) before STARTTLS; `implicit`: TLS from the first
   * byte (RFC 8314 §3.3); `optional`: passwords and mail are also taken in clear text.
   */
  tls: "starttls" | "implicit" | "optional";
}

export interface Listening {
  readonly server: Server;
  readonly handlers: Handlers;
  readonly address: AddressInfo;
}

type Shared = Omit<HandlerOptions, "requireTls" | "of" | "finished"> & {
  hostname: string;
  tls: { cert: string; key: string };
  places: Places<Session>;
  patience: Patience;
};

/** Commands of other times, and those of proxies. */
const NOT_OFFERED = ["WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"];

/** Rejects with the system's error, such as `EADDRINUSE`. */
export async function listenOn(listener: Listener, shared: Shared): Promise<Listening> {
  const { metrics } = shared;
  const implicit = listener.tls === "implicit";
  const handlers = createHandlers({
    ...shared,
    requireTls: listener.tls !== "optional",
    of: (session) => server.of(session),
    finished: (session) => server.finished(session),
  });
  const server = new Server(
    {
      name: shared.hostname,
      banner: "Chappe",
      heloResponse: "%s",
      size: shared.maxSize,
      ...shared.tls,
      minVersion: "TLSv1.2",
      // The handshake is the session's own affair, so that it counts, and has its limits, as one.
      secure: implicit,
      needsUpgrade: implicit,
      allowInsecureAuth: listener.tls === "optional",
      // Who must log in is decided at MAIL: clients of trusted networks need not.
      authOptional: true,
      hideENHANCEDSTATUSCODES: false,
      disableReverseLookup: true,
      disabledCommands: NOT_OFFERED,
      logger: false,
      ...handlers.smtp,
    },
    shared.patience,
    shared.now,
    shared.places,
  );
  const address = await server.listenOn(listener);
  server.on("error", () => {
    // Resets and failed handshakes: the client's own doing, told by its absence.
    metrics.count("chappe_submission_connection_errors_total", "Connections that broke");
  });
  return { server, handlers, address };
}
