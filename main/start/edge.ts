/** Role `edge`: pixel, redirects, unsubscribe. */
import { startEdge } from "@chappe/edge-tracking/deno";
import { uuidv7 } from "@chappe/src/events";
import type { Running, Surroundings } from "../run.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics } = around;
  const server = await listening("CHAPPE_EDGE_LISTEN", config.edge, () =>
    startEdge({
      listen: config.edge,
      events: station.events,
      settings,
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
