/** A delivery node in a process of its own: NATS, name server, port of the receiver, first pause (ms). */
import { createResolver } from "../../ingest/delivery/mod.ts";
import { startNode } from "../../ingest/delivery/test_node.ts";
import { connectStation } from "../../src/log/mod.ts";
import { SILENT } from "../../src/runtime/mod.ts";

const [url, dns, port, pause] = Deno.args;
const station = await connectStation({
  url: url!,
  now: Date.now,
  logger: SILENT,
  appendTimeoutMs: 30_000,
});
const DAY = 86_400_000;
startNode({ station }, {
  resolver: createResolver({
    servers: [{ host: "127.0.0.1", port: Number(dns) }],
    now: Date.now,
  }),
  mode: { kind: "internet", port: Number(port) },
  maxInFlight: 1000,
  limits: { connections: 200, perDestination: 20, messagesPerConnection: 100, idleMs: 5_000 },
  retry: { refused: [Number(pause)], unanswered: [], every: DAY, giveUpAfter: 3 * DAY },
});
