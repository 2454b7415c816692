/** Role `inbound`: bounces, complaints and wishes to unsubscribe from the world. */
import { startInbound } from "@chappe/ingest";
import { uuidv7 } from "@chappe/src/events";
import type { Running, Surroundings } from "../run.ts";
import { readTls } from "../secrets.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics } = around;
  const server = await listening("CHAPPE_INBOUND_LISTEN", config.inbound, async () =>
    startInbound({
      listen: config.inbound,
      hostname: config.hostname,
      domain: config.returnDomain,
      tls: await readTls(config),
      events: station.events,
      bodies: station.bodies,
      settings,
      postmaster: config.postmaster,
      maxSize: config.maxMessageBytes,
      now: Date.now,
      newId: () => uuidv7(Date.now()),
      logger,
      metrics,
    }));
  return {
    health: () => Promise.resolve(station.connected() ? null : "inbound: the log is away"),
    stop: (drainMs) => server.close(drainMs),
  };
}
