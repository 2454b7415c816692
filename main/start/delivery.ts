/** Role `delivery`: makes jobs of accepted messages, prepares each copy and sends it. */
import {
  createPreparer,
  createResolver,
  type DeliveryTarget,
  laneOf,
  provider,
  readServer,
  runDispatcher,
  runSuppressor,
  startDelivery,
  startSandboxReceiver,
  systemServers,
  withConsent,
} from "@chappe/ingest";
import { followSending } from "@chappe/src/follow";
import { createSigningEngine } from "@chappe/src/mail";
import { followRecipients } from "@chappe/src/recipients";
import { type RetryPolicy, retryWithEarly, STANDARD_RETRY } from "@chappe/src/rules";
import { messageOf } from "@chappe/src/runtime";
import { recipientSecret } from "@chappe/src/settings";
import type { Running, Surroundings } from "../run.ts";
import { readTls } from "../secrets.ts";
import { keep } from "./keeper.ts";

/** In the sandbox nobody wants to wait five minutes to see a second attempt. */
const SANDBOX_RETRY: RetryPolicy = { ...STANDARD_RETRY, refused: [5_000, 60_000] };

/** Jobs held by one node at a time, and the connections they share. */
const MAX_IN_FLIGHT = 1000;
const LIMITS = {
  connections: 500,
  perDestination: 20,
  messagesPerConnection: 100,
  idleMs: 30_000,
};

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics, signal } = around;
  const engine = createSigningEngine();
  logger.info("signing-engine", { rsa: engine.rsa });
  const preparer = createPreparer({
    bodies: station.bodies,
    settings,
    trackingUrl: config.trackingUrl,
    platformDomain: config.hostname,
    returnDomain: config.returnDomain,
    optionsName: "X-EFIDEM-HEADERS",
    engine,
    now: Date.now,
  });
  const recipients = await followRecipients({
    events: station.events,
    secret: recipientSecret(settings),
    signal,
    onError: (error) => logger.warn("recipients-away", { error: messageOf(error) }),
  });
  const { suppressed } = recipients;
  const sending = await followSending({
    events: station.events,
    signal,
    onError: (error) => logger.warn("sending-away", { error: messageOf(error) }),
  });
  const { mode, close: closeReceiver } = await target(around);
  const delivery = startDelivery({
    station,
    preparer: withConsent(preparer, recipients.trackingWithdrawn),
    suppressed,
    mode,
    resolver: createResolver({
      servers: config.dns.length > 0 ? config.dns.map(readServer) : systemServers(),
      now: Date.now,
    }),
    sending,
    sources: config.sources,
    hostname: config.hostname,
    node: crypto.randomUUID(),
    maxInFlight: MAX_IN_FLIGHT,
    limits: LIMITS,
    retry: retryPolicy(config),
    random: Math.random,
    now: Date.now,
    logger,
    metrics,
  });
  const dispatching = runDispatcher({
    station,
    lane: (domain) => laneOf(provider(domain)),
    suppressed,
    now: Date.now,
    logger,
    metrics,
    signal,
  });
  const suppressing = runSuppressor({ station, logger, metrics, signal });
  const keeping = keep(around, sending);
  metrics.gauge(
    "chappe_suppressed_recipients",
    "Addresses on the suppression lists of all accounts",
    () => recipients.counts.suppressed,
  );
  metrics.gauge("chappe_delivery_jobs", "Jobs held by this node", () => delivery.inFlight());
  return {
    health: () => Promise.resolve(station.connected() ? null : "delivery: the log is away"),
    async stop(drainMs) {
      await Promise.all([dispatching, suppressing, keeping]);
      await delivery.stop(drainMs);
      await closeReceiver();
      engine.close();
    },
  };
}

function retryPolicy({ retryEarly, delivery }: Surroundings["config"]): RetryPolicy {
  if (retryEarly !== null) return retryWithEarly(retryEarly);
  return delivery.kind === "sandbox" ? SANDBOX_RETRY : STANDARD_RETRY;
}

/** Where everything goes; in the sandbox to a receiving server of our own, on a free port. */
async function target(
  { config, station, logger }: Surroundings,
): Promise<{ mode: DeliveryTarget; close(): Promise<void> }> {
  const nothing = () => Promise.resolve();
  const { delivery } = config;
  if (delivery.kind === "internet") return { mode: { ...delivery, port: 25 }, close: nothing };
  if (delivery.kind === "relay") return { mode: delivery, close: nothing };
  const receiver = await startSandboxReceiver({
    listen: { hostname: "127.0.0.1", port: 0 },
    mailbox: station.mailbox,
    inbound: config.inbound,
    tls: await readTls(config),
    now: Date.now,
    logger,
  });
  const { hostname, port } = receiver.address;
  return {
    mode: { kind: "sandbox", host: hostname, port },
    close: () => receiver.close(),
  };
}
