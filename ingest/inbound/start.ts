/**
 * SMTP in from the world (RFC 5321), for what comes back about mail that we sent: delivery status
 * notifications and feedback reports, each to a return path that only we can have made. It relays
 * nothing and writes to nobody, so that nothing can be sent through it or bounced off it.
 */
import type { AddressInfo } from "node:net";
import type { EventLog } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { type LiveSettings, tokenKeyOf } from "@chappe/src/settings";
import { createBudget } from "../smtp/budget.ts";
import { type Patience, Server } from "../smtp/server.ts";
import { createAddressee } from "./addressee.ts";
import { createHandlers } from "./handlers.ts";
import { createRecent } from "./recent.ts";

const MB = 1024 * 1024;
/** RFC 5321 §4.5.3.2.7 for idling; reports are small. */
const PATIENCE: Patience = { idle: 5 * 60_000, message: 10 * 60_000 };
const NOT_OFFERED = ["AUTH", "WIZ", "SHELL", "KILL", "XCLIENT", "XFORWARD"];
const MAX_RECENT = 10_000;

export interface InboundOptions {
  /** Port 0 takes a free one. */
  listen: { hostname: string; port: number };
  /** Name in the greeting. */
  hostname: string;
  /** Domains of our return paths. */
  domains: readonly string[];
  /** PEM, for STARTTLS. */
  tls: { cert: string; key: string };
  events: Pick<EventLog, "append">;
  settings: Pick<LiveSettings, "now" | "unseal">;
  /** Bytes of one message; 1 MB: a report may bring the whole message along, or just its header. */
  maxSize?: number;
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
  const { listen, domains, settings, now, logger, metrics } = options;
  const maxSize = options.maxSize ?? MB;
  const handlers = createHandlers({
    ...options,
    addressee: createAddressee(domains, settings, tokenKeyOf(settings)),
    maxSize,
    maxRecipients: options.maxRecipients ?? 10,
    budget: createBudget(options.maxBytesHeld ?? 64 * MB),
    recent: createRecent(MAX_RECENT),
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

  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject);
  server.listen(listen.port, listen.hostname, listening.resolve);
  await listening.promise;
  server.off("error", listening.reject);
  server.on("error", () => {
    metrics.count("chappe_inbound_connection_errors_total", "Connections that broke");
  });
  metrics.gauge(
    "chappe_inbound_sessions",
    "SMTP sessions open from the world",
    () => server.connections.size,
  );
  const { address, port } = server.server.address() as AddressInfo;
  logger.info("inbound-listening", { address, port });

  return {
    address: { hostname: address, port },
    async close(drainMs) {
      await server.drain(drainMs);
      await handlers.settled();
    },
  };
}
