/** Connects to the log as the configuration says. */
import { connectStation, type Station } from "@chappe/src/log";
import type { Config, Logger } from "@chappe/src/runtime";

export function openStation(config: Config, url: string, logger: Logger): Promise<Station> {
  return connectStation({
    url,
    replicas: config.natsReplicas,
    storeBytes: config.storeBytes,
    now: Date.now,
    logger,
  });
}
