/** Role `edge`: pixel, redirects, unsubscribe. */
import { join } from "node:path";
import { startEdge } from "@chappe/edge-tracking/deno";
import { uuidv7 } from "@chappe/src/events";
import { followConsents } from "@chappe/src/recipients";
import { messageOf } from "@chappe/src/runtime";
import type { Running, Surroundings } from "../run.ts";
import { EDGE_SPILL } from "../places.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics, signal } = around;
  const consents = await followConsents({
    events: station.events,
    signal,
    onError: (error) => logger.warn("consents-away", { error: messageOf(error) }),
  });
  const server = await listening("CHAPPE_EDGE_LISTEN", config.edge, () =>
    startEdge({
      listen: config.edge,
      events: station.events,
      bodies: station.bodies,
      settings,
      consents,
      intakeSecret: config.edgeSecret,
      spill: { folder: join(config.data, EDGE_SPILL), maxBytes: config.edgeSpillBytes },
      sharePort: around.supervised,
      trustedProxies: config.trustedProxies,
      now: Date.now,
      newId: uuidv7,
      logger,
      metrics,
    }));
  return {
    // Hits are answered and held while the log is away: the edge stays healthy.
    health: () => Promise.resolve(null),
    stop: (drainMs) => server.close(drainMs),
  };
}
