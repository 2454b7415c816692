/**
 * Takes finished jobs off the disk, many at once. A work-queue stream would do so by itself, with an
 * fsync for each job acked: as many as all else together. So the stream keeps what is acked, the
 * consumer knows what is done, and what all workers have done is swept up now and then.
 */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { QUEUE } from "./streams.ts";

const SWEEP_MS = 5_000;

interface SweepOptions {
  jsm: JetStreamManager;
  /** Subjects that hold jobs. */
  jobs: string;
  /** Who has done them. */
  consumer: string;
  logger: Logger;
}

/** Sweeps until disposed. Any number of workers may: what one has swept the others do not find. */
export function startSweeping(
  { jsm, jobs, consumer, logger }: SweepOptions,
): Disposable {
  let swept = 0;
  let sweeping = false;
  const sweep = async () => {
    if (sweeping) return;
    sweeping = true;
    try {
      const { ack_floor } = await jsm.consumers.info(QUEUE, consumer);
      const done = ack_floor.stream_seq;
      if (done > swept) {
        await jsm.streams.purge(QUEUE, { filter: jobs, seq: done + 1 });
        swept = done;
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
