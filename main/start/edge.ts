/** Role `edge`: pixel, redirects, unsubscribe. */
import { startEdge } from "@chappe/edge-tracking/deno";
import type { Running, Surroundings } from "../run.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics } = around;
  const server = await listening("CHAPPE_EDGE_LISTEN", config.edge, () =>
    startEdge({
      listen: config.edge,
      events: station.events,
      settings,
      now: Date.now,
      logger,
      metrics,
    }));
  return {
    // Hits are answered and held while the log is away: the edge stays healthy.
    health: () => Promise.resolve(null),
    stop: () => server.close(),
  };
}
