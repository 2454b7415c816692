/** SMTP in from senders (RFC 6409), on smtp-server. */
import type { BodyStore, EventLog } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { createVerifier, type LiveSettings } from "@chappe/src/settings";
import { createHandlers } from "./handlers.ts";
import { type Patience, Server } from "../smtp/server.ts";
import { trustedAccounts, type TrustedNetwork } from "./trusted.ts";

const MB = 1024 * 1024;

/** RFC 5321 §4.5.3.2.7 for idling; half an hour is 50 MB at 230 kbit/s. */
const PATIENCE: Patience = { idle: 5 * 60_000, message: 30 * 60_000 };

/** Commands of other times, and those of proxies. */
const NOT_OFFERED = ["WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"];

export interface SubmissionOptions {
  listen: { hostname: string; port: number };
  /** Name in the greeting, and in the Message-IDs that we give. */
  hostname: string;
  /** PEM. */
  tls: { cert: string; key: string };
  /** Refuses AUTH (538) and MAIL (530) before STARTTLS. */
  requireTls: boolean;
  /** Networks whose clients need not log in. */
  trusted: readonly TrustedNetwork[];
  /** Bytes of one message; 50 MB. */
  maxSize?: number;
  maxRecipients?: number;
  /** Beyond it clients get a 421. */
  maxConnections?: number;
  /** Bytes of messages held at once, over all sessions; 256 MB. */
  maxBytesHeld?: number;
  patience?: Patience;
  events: Pick<EventLog, "append">;
  bodies: Pick<BodyStore, "put">;
  settings: Pick<LiveSettings, "now">;
  /** Header with the sender's options as JSON, such as `X-EFIDEM-HEADERS`. */
  optionsHeader: string;
  now: () => number;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}

export interface Submission {
  readonly address: { hostname: string; port: number };
  connections(): number;
  /**
   * Takes no more connections, tells idle clients 421, lets messages under way finish for up to
   * `drainMs`, and resolves when nothing is left to append.
   */
  close(drainMs: number): Promise<void>;
}

/** Listens for senders. Rejects with the system's error where it cannot (`EADDRINUSE`, …). */
export async function startSubmission(options: SubmissionOptions): Promise<Submission> {
  const { metrics, logger, now } = options;
  const maxSize = options.maxSize ?? 50 * MB;
  const verifier = createVerifier({ now });
  const handlers = createHandlers({
    ...options,
    maxSize,
    maxRecipients: options.maxRecipients ?? 1000,
    maxBytesHeld: options.maxBytesHeld ?? 256 * MB,
    verifier,
    trusted: trustedAccounts(options.trusted),
    of: (session) => server.of(session),
    finished: (session) => server.finished(session),
  });
  const server = new Server(
    {
      name: options.hostname,
      banner: "Chappe",
      heloResponse: "%s",
      size: maxSize,
      maxClients: options.maxConnections ?? 1000,
      ...options.tls,
      minVersion: "TLSv1.2",
      allowInsecureAuth: !options.requireTls,
      // Who must log in is decided at MAIL: clients of trusted networks need not.
      authOptional: true,
      hideENHANCEDSTATUSCODES: false,
      disableReverseLookup: true,
      disabledCommands: NOT_OFFERED,
      logger: false,
      ...handlers.smtp,
    },
    options.patience ?? PATIENCE,
    now,
  );

  const { address, port } = await server.listenOn(options.listen);
  server.on("error", () => {
    // Resets and failed handshakes: the client's own doing, told by its absence.
    metrics.count("chappe_submission_connection_errors_total", "Connections that broke");
  });
  metrics.gauge(
    "chappe_submission_sessions",
    "SMTP sessions open at submission",
    () => server.connections.size,
  );
  logger.info("submission-listening", { address, port });

  return {
    address: { hostname: address, port },
    connections: () => server.connections.size,
    async close(drainMs) {
      await server.drain(drainMs);
      await handlers.settled();
      verifier.close();
    },
  };
}
