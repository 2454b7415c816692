/**
 * Takes finished jobs off the disk, many at once. A work-queue stream would do so by itself, with an
 * fsync for each job acked: as many as all else together. So the stream keeps what is acked, the
 * consumers know what is done, and what all workers have done of a lane is swept up now and then.
 */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { laneStates, subjectOf } from "./lane_consumers.ts";
import { QUEUE } from "./streams.ts";

const SWEEP_MS = 5_000;

/** Sweeps until disposed. Any number of workers may: what one has swept the others do not find. */
export function startSweeping(
  { jsm, logger }: { jsm: JetStreamManager; logger: Logger },
): Disposable {
  /** By lane, the last sequence that was swept up. */
  const swept = new Map<string, number>();
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      for (const [lane, { ack_floor: { stream_seq: done } }] of await laneStates(jsm)) {
        if (done <= (swept.get(lane) ?? 0)) continue;
        await jsm.streams.purge(QUEUE, { filter: subjectOf(lane), seq: done + 1 });
        swept.set(lane, done);
      }
    } catch (error) {
      logger.warn("log.sweep", { error: messageOf(error) });
    } finally {
      sweeping = false;
    }
  };
  const timer = setInterval(sweep, SWEEP_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
