/** Role `submission`: mail in from senders. */
import { createSubmission } from "@chappe/ingest";
import { uuidv7 } from "@chappe/src/events";
import type { Running, Surroundings } from "../run.ts";
import { readTls } from "../secrets.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics } = around;
  const server = createSubmission({
    hostname: config.hostname,
    tls: await readTls(config),
    trusted: config.trusted,
    maxSize: config.maxMessageBytes,
    maxConnections: config.submissionConnections,
    maxConnectionsPerClient: config.submissionConnectionsPerClient,
    events: station.events,
    bodies: station.bodies,
    counters: station.counters,
    settings,
    optionsHeader: "X-EFIDEM-HEADERS",
    now: Date.now,
    newId: () => uuidv7(Date.now()),
    logger,
    metrics,
  });
  try {
    for (const listen of config.submission) {
      await listening("CHAPPE_SUBMISSION_LISTEN", listen, () => server.listen(listen));
    }
  } catch (error) {
    await server.close(0);
    throw error;
  }
  return {
    health: () => Promise.resolve(station.connected() ? null : "submission: the log is away"),
    stop: (drainMs) => server.close(drainMs),
  };
}
