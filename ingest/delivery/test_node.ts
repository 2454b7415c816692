/** For tests: a delivery node with short times on a real log. */
import { authenticationOf } from "@chappe/src/domains";
import type { RetryPolicy } from "@chappe/src/rules";
import { createMetrics, SILENT } from "@chappe/src/runtime";
import { NO_SENDING } from "@chappe/src/sending";
import type { Preparer } from "../job.ts";
import type { TestStation } from "../test_station.ts";
import type { Server } from "@chappe/src/dns";
import { createResolver, type DeliveryOptions, startDelivery } from "./mod.ts";
import { TIMEOUTS } from "./smtp/mod.ts";

export const PREPARER: Preparer = {
  prepare: (job) =>
    Promise.resolve({
      mailFrom: job.accepted.sender,
      data: new TextEncoder().encode(`Subject: ${job.message}\r\n\r\n${job.recipient}\r\n`),
      authentication: authenticationOf({ from: "example.com", dkim: [], spf: null }),
    }),
};

/** Retries at once, and for an hour. */
export const SOON: RetryPolicy = {
  refused: [],
  unanswered: [],
  every: 100,
  giveUpAfter: 3_600_000,
};

export function startNode(
  { station }: Pick<TestStation, "station">,
  { dns, ...over }: Partial<DeliveryOptions> & { dns?: Server },
) {
  const node = startDelivery({
    station,
    preparer: PREPARER,
    suppressed: () => null,
    mode: { kind: "internet", port: 25 },
    resolver: createResolver({ servers: [dns ?? { host: "127.0.0.1", port: 9 }], now: Date.now }),
    sending: { now: NO_SENDING, onChange: () => {} },
    sources: [],
    hostname: "relay.test",
    node: crypto.randomUUID(),
    maxInFlight: 100,
    limits: { connections: 20, perDestination: 10, messagesPerConnection: 100, idleMs: 1000 },
    retry: SOON,
    timeouts: { ...TIMEOUTS, connect: 1000, greeting: 1000, command: 1000 },
    random: Math.random,
    now: Date.now,
    logger: SILENT,
    metrics: createMetrics(),
    ...over,
  });
  return { ...node, [Symbol.asyncDispose]: () => node.stop(1000) };
}
