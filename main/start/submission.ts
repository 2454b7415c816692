/** Role `submission`: mail in from senders. */
import { startSubmission } from "@chappe/ingest";
import { uuidv7 } from "@chappe/src/events";
import type { Running, Surroundings } from "../run.ts";
import { readTls } from "../secrets.ts";
import { listening } from "./listening.ts";

export async function start(around: Surroundings): Promise<Running> {
  const { config, station, settings, logger, metrics } = around;
  const server = await listening(
    "CHAPPE_SUBMISSION_LISTEN",
    config.submission,
    async () =>
      startSubmission({
        listen: config.submission,
        hostname: config.hostname,
        tls: await readTls(config),
        requireTls: config.submissionTls === "required",
        trusted: config.trusted,
        maxSize: config.maxMessageBytes,
        events: station.events,
        bodies: station.bodies,
        settings,
        optionsHeader: "X-EFIDEM-HEADERS",
        now: Date.now,
        newId: () => uuidv7(Date.now()),
        logger,
        metrics,
      }),
  );
  return {
    health: () => Promise.resolve(station.connected() ? null : "submission: the log is away"),
    stop: (drainMs) => server.close(drainMs),
  };
}
