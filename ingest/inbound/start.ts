/**
 * SMTP in from the world (RFC 5321), for what comes back about mail that we sent: delivery status
 * notifications, feedback reports and wishes to unsubscribe, each to an address that only we can have
 * made; and for the mailboxes that every domain has. It relays nothing and answers nobody, so that
 * nothing can be sent through it or bounced off it.
 */
import type { BodyStore, EventLog } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { type LiveSettings, tokenKeyOf } from "@chappe/src/settings";
import { createFindAccepted } from "../accepted.ts";
import { createBudget } from "../smtp/budget.ts";
import { type Patience, Server } from "../smtp/server.ts";
import { createAddressee } from "./addressee.ts";
import { createCopyReported } from "./feedback_copy.ts";
import { createHandlers } from "./handlers.ts";
import { createPassOn } from "./postmaster.ts";
import { createRecord } from "./recorder.ts";

const MB = 1024 * 1024;
/** Shorter than RFC 5321 §4.5.3.2.7 advises: real servers pause for seconds, those who dribble for ever. */
const PATIENCE: Patience = { idle: 110_000, message: 110_000 };
const NOT_OFFERED = ["AUTH", "WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"];

export interface InboundOptions {
  /** Port 0 takes a free one. */
  listen: { hostname: string; port: number };
  /** Name in the greeting. */
  hostname: string;
  /** Domain of our return paths; those of accounts come from the settings. */
  domain: string;
  /** PEM, for STARTTLS. */
  tls: { cert: string; key: string };
  events: Pick<EventLog, "append" | "read">;
  bodies: Pick<BodyStore, "put">;
  settings: Pick<LiveSettings, "now" | "unseal">;
  /** Mailbox of those who run the installation; null where it has none. */
  postmaster: string | null;
  /** Bytes of one message: a report may bring along the message it is about. Little of it is kept. */
  maxSize: number;
  /** Recipients of one message; a report has one. */
  maxRecipients?: number;
  /** Beyond it clients get a 421. */
  maxConnections?: number;
  /** Bytes of messages held at once, over all sessions; 64 MB. */
  maxBytesHeld?: number;
  patience?: Patience;
  now: () => number;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}

export interface Inbound {
  readonly address: { hostname: string; port: number };
  /** Takes no more connections, lets messages under way finish for up to `drainMs`. */
  close(drainMs: number): Promise<void>;
}

/** Listens for reports. Rejects with the system's error where it cannot (`EADDRINUSE`, …). */
export async function startInbound(options: InboundOptions): Promise<Inbound> {
  const { domain, settings, postmaster, maxSize, now, logger, metrics } = options;
  const keyOf = tokenKeyOf(settings);
  const addressee = createAddressee(domain, settings, keyOf);
  const handlers = createHandlers({
    ...options,
    addressee,
    copyReported: createCopyReported(addressee, keyOf),
    record: createRecord({ ...options, findAccepted: createFindAccepted(options.events) }),
    passOn: postmaster === null ? null : createPassOn({ ...options, address: postmaster }),
    maxRecipients: options.maxRecipients ?? 10,
    budget: createBudget(options.maxBytesHeld ?? 64 * MB),
    of: (session) => server.of(session),
    finished: (session) => server.finished(session),
  });
  const server = new Server(
    {
      name: options.hostname,
      banner: "Chappe",
      heloResponse: "%s",
      size: maxSize,
      maxClients: options.maxConnections ?? 500,
      ...options.tls,
      minVersion: "TLSv1.2",
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
    metrics.count("chappe_inbound_connection_errors_total", "Connections that broke");
  });
  metrics.gauge(
    "chappe_inbound_sessions",
    "SMTP sessions open from the world",
    () => server.connections.size,
  );
  logger.info("inbound-listening", { address, port });

  return {
    address: { hostname: address, port },
    async close(drainMs) {
      await server.drain(drainMs);
      await handlers.settled();
    },
  };
}
