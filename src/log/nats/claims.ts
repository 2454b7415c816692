/** A worker's share of the queue: jobs come in, take turns by lane, and what is too much waits outside. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import type { Claim, Queue } from "../port.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { DUE, moveDue } from "./due.ts";
import { asideText, type Item, singleOf } from "./hold.ts";
import { decodeJob, withLuggage } from "./job_codec.ts";
import { Lanes } from "./lanes.ts";
import { BATCH_ITEMS } from "./batch.ts";
import type { PackWriter } from "./pack_writer.ts";
import { ParkedLanes } from "./parked.ts";
import { Room } from "./pull.ts";
import { startSweeping } from "./queue_sweep.ts";
import { QUEUE } from "./streams.ts";

export const JOBS = "jobs.*";
export const WORKERS = "workers";
/** Of all workers together. */
const MAX_CLAIMED = 100_000;
/** Kept at hand beyond what the worker holds: as much again twice, and this at least. */
const LEAST_KEPT = 256;
/** Jobs given back for less are left with the server; all others wait as what is scheduled does, ms. */
const SHORT_MS = 5_000;
/** When a job comes again that could not be laid aside, ms. */
const AGAIN_MS = 1_000;

export interface ClaimOptions {
  connection: Connection;
  jsm: JetStreamManager;
  packs: PackWriter;
  ackWaitMs: number;
  now: () => number;
  logger: Logger;
}

export function workersConsumer(ackWaitMs: number) {
  return {
    durable_name: WORKERS,
    filter_subjects: [JOBS],
    ack_policy: "explicit" as const,
    ack_wait: ackWaitMs * 1_000_000,
    max_ack_pending: MAX_CLAIMED,
  };
}

export async function* claimJobs<T>(
  options: ClaimOptions,
  { maxInFlight, signal }: Parameters<Queue["claim"]>[0],
): AsyncGenerator<Claim<T>> {
  const { connection, jsm, packs, ackWaitMs, now, logger } = options;
  const kept = Math.max(2 * maxInFlight, LEAST_KEPT);
  const lanes = new Lanes<Item>({ most: maxInFlight, kept });
  const end = new AbortController();
  let wake: () => void = () => {};
  const stop = () => {
    end.abort();
    wake();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();

  const lay = (item: Item) => packs.park(item.lane, asideText(item));
  const parked = new ParkedLanes({
    connection,
    jsm,
    ackWaitMs,
    lay,
    onItems(lane, items) {
      lanes.add(lane, items);
      wake();
    },
    onChange: (lane, is) => lanes.setParked(lane, is),
    signal: end.signal,
    logger,
  });

  async function comeIn(): Promise<void> {
    // A batch may be on its way out.
    const room = new Room(maxInFlight + kept + BATCH_ITEMS);
    const config = workersConsumer(ackWaitMs);
    const pulling = { stream: QUEUE, config, room, signal: end.signal, logger };
    for await (const message of pullDurable(connection, pulling)) {
      const item = singleOf(connection, message, () => room.give());
      if (lanes.takes(item.lane)) {
        lanes.add(item.lane, [item]);
        wake();
      } else {
        parked.note(item.lane);
        lay(item).then(item.hold.done, () => item.hold.back(item, AGAIN_MS));
      }
    }
  }

  function claimOf({ lane, item }: { lane: string; item: Item }): Claim<T> | null {
    const { hold } = item;
    hold.taken();
    let mine = true;
    const finish = (how: () => void) => {
      if (!mine) return;
      mine = false;
      how();
      lanes.done(lane);
      wake();
    };
    try {
      const { job, at, again } = decodeJob(item.text, lane);
      const enqueued = at ?? item.enqueued;
      const handed = { ...item, enqueued, again: true };
      return {
        ...job as Claim<T>,
        enqueued,
        redelivered: again ?? item.again,
        ack: () => finish(hold.done),
        keep: () => mine && hold.keep(),
        release: (delayMs = 0) => finish(() => putBack(handed, delayMs)),
      };
    } catch (error) {
      logger.error("log.bad-job", { lane, error: messageOf(error) });
      finish(hold.done);
      return null;
    }
  }

  function putBack(item: Item, delayMs: number): void {
    const { hold } = item;
    if (delayMs < SHORT_MS) return hold.back(item, delayMs);
    const text = withLuggage(asideText(item), { key: crypto.randomUUID() });
    packs.schedule(text, now() + delayMs).then(hold.done, () => hold.back(item, delayMs));
  }

  const running = [comeIn(), parked.watch(), moveDue({ ...options, signal: end.signal })];
  const keeper = setInterval(() => {
    for (const hold of new Set([...lanes].map((item) => item.hold))) hold.keep();
  }, ackWaitMs / 3);
  const sweeping = [
    startSweeping({ jsm, jobs: JOBS, consumer: WORKERS, logger }),
    startSweeping({ jsm, jobs: DUE, consumer: DUE, logger }),
  ];
  try {
    while (!signal.aborted) {
      const next = lanes.next();
      if (next === null) {
        await new Promise<void>((resolve) => wake = resolve);
        continue;
      }
      const claim = claimOf(next);
      if (claim !== null) yield claim;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    end.abort();
    await Promise.all(running);
    clearInterval(keeper);
    for (const each of sweeping) each[Symbol.dispose]();
    for (const item of lanes.clear()) item.hold.back(item, 0);
  }
}
