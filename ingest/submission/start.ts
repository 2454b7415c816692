/** SMTP in from senders (RFC 6409), on smtp-server. */
import type { BodyStore, Counters, EventLog } from "@chappe/src/log";
import type { Logger, Metrics } from "@chappe/src/runtime";
import { createAccessLog, createVerifier, type LiveSettings } from "@chappe/src/settings";
import { createBudget } from "../smtp/budget.ts";
import { createPlaces } from "../smtp/places.ts";
import type { Patience } from "../smtp/server.ts";
import type { Session } from "../smtp/session.ts";
import { createGuesses } from "./guesses.ts";
import { type Listener, type Listening, listenOn } from "./listener.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { createOutcomes } from "./outcomes.ts";
import { createQuotas } from "./quota.ts";
import { trustedAccounts, type TrustedNetwork } from "./trusted.ts";

const MB = 1024 * 1024;

/** RFC 5321 §4.5.3.2.7 for idling; half an hour is 50 MB at 230 kbit/s. */
const PATIENCE: Patience = { idle: 5 * 60_000, message: 30 * 60_000 };

export interface SubmissionOptions {
  /** Name in the greeting, and in the Message-IDs that we give. */
  hostname: string;
  /** PEM. */
  tls: { cert: string; key: string };
  /** Networks whose clients need not log in. */
  trusted: readonly TrustedNetwork[];
  /** Bytes of one message; 50 MB. Accounts may have a lower limit of their own. */
  maxSize?: number;
  maxRecipients?: number;
  /** Sessions at once on all listeners, 1,000. Beyond it strangers that wait lose their place. */
  maxConnections?: number;
  /** The same of one client address; 250. */
  maxConnectionsPerClient?: number;
  /** Bytes of messages held at once, over all sessions; 256 MB. */
  maxBytesHeld?: number;
  patience?: Patience;
  events: Pick<EventLog, "append">;
  bodies: Pick<BodyStore, "put">;
  counters: Pick<Counters, "add">;
  settings: Pick<LiveSettings, "now">;
  /** Header with the sender's options as JSON, such as `X-EFIDEM-HEADERS`. */
  optionsHeader: string;
  now: () => number;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}

export interface Submission {
  /** Listens there too. Rejects with the system's error where it cannot (`EADDRINUSE`, …). */
  listen(listener: Listener): Promise<{ hostname: string; port: number }>;
  /** Sessions on all listeners. */
  connections(): number;
  /**
   * Takes no more connections, tells idle clients 421, lets messages under way finish for up to
   * `drainMs`, and resolves when nothing is left to append.
   */
  close(drainMs: number): Promise<void>;
}

/** A submission service that listens nowhere yet; all its listeners share its limits. */
export function createSubmission(options: SubmissionOptions): Submission {
  const { metrics, logger, now, counters } = options;
  const verifier = createVerifier({ now });
  const outcomes = createOutcomes(options);
  const quotas = createQuotas(counters, now);
  const shared = {
    ...options,
    maxSize: options.maxSize ?? DEFAULT_LIMITS.maxSize,
    maxRecipients: options.maxRecipients ?? DEFAULT_LIMITS.maxRecipients,
    patience: options.patience ?? PATIENCE,
    budget: createBudget(options.maxBytesHeld ?? 256 * MB),
    places: createPlaces<Session>({
      total: options.maxConnections ?? 1000,
      perNetwork: options.maxConnectionsPerClient ?? 250,
    }),
    trusted: trustedAccounts(options.trusted),
    guesses: createGuesses({ now }),
    access: createAccessLog(options),
    verifier,
    outcomes,
    quotas,
  };
  const listening: Listening[] = [];
  const connections = () => listening.reduce((sum, { server }) => sum + server.connections.size, 0);
  metrics.gauge("chappe_submission_sessions", "SMTP sessions open at submission", connections);

  return {
    async listen(listener) {
      const begun = await listenOn(listener, shared);
      listening.push(begun);
      const { address, port } = begun.address;
      logger.info("submission-listening", { address, port, tls: listener.tls });
      return { hostname: address, port };
    },
    connections,
    async close(drainMs) {
      await Promise.all(listening.map(async ({ server, handlers }) => {
        await server.drain(drainMs);
        await handlers.settled();
      }));
      await Promise.all([outcomes.settled(), quotas.close()]);
      verifier.close();
    },
  };
}
