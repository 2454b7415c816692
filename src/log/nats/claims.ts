/** A worker's share of the queue: lanes are found as they come up, and their jobs take turns. */
import type { JetStreamManager } from "@nats-io/jetstream";
import type { Msg } from "@nats-io/nats-core";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import type { Claim, Job, Queue } from "../port.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { delivery, reply } from "./delivery.ts";
import { decodeJob } from "./job_codec.ts";
import { contents, laneConsumer } from "./lane_consumers.ts";
import { alone, Lanes } from "./lanes.ts";
import { pause } from "./pause.ts";
import { Room } from "./pull.ts";
import { startSweeping } from "./queue_sweep.ts";
import { QUEUE } from "./streams.ts";
import { Untouched } from "./untouched.ts";

/** How long the first job of a new lane may stand before anybody looks, ms. */
const LOOK_MS = 250;
/** Jobs kept at hand are kept alive so many times in the time for which they are claimed. */
const KEEPS = 4;

export interface ClaimOptions {
  connection: Connection;
  jsm: JetStreamManager;
  ackWaitMs: number;
  logger: Logger;
}

interface Item {
  readonly message: Msg;
  /** Of its lane. */
  readonly room: Room;
}

/** As `Queue.claim` says. */
export async function* claimJobs<T>(
  { connection, jsm, ackWaitMs, logger }: ClaimOptions,
  { maxInFlight, signal }: Parameters<Queue["claim"]>[0],
): AsyncGenerator<Claim<T>> {
  const lanes = new Lanes<Item>(maxInFlight);
  const untouched = new Untouched();
  const end = new AbortController();
  let wake: () => void = () => {};
  const stop = () => {
    end.abort();
    wake();
  };
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();

  async function bringIn(lane: string): Promise<void> {
    const most = alone(maxInFlight);
    // Some are kept at hand, so that nobody waits for the next to come.
    const room = new Room(most + Math.ceil(most / 4));
    const config = laneConsumer(lane, ackWaitMs);
    const options = { stream: QUEUE, config, room, signal: end.signal, logger };
    for await (const message of pullDurable(connection, options)) {
      lanes.add(lane, { message, room });
      wake();
    }
  }

  async function watch(): Promise<void> {
    const running = new Map<string, Promise<void>>();
    while (!end.signal.aborted) {
      try {
        for (const lane of (await contents(jsm)).lanes.keys()) {
          if (!running.has(lane)) running.set(lane, bringIn(lane));
        }
      } catch (error) {
        if (!end.signal.aborted) logger.warn("log.lanes", { error: messageOf(error) });
      }
      await pause(LOOK_MS, end.signal);
    }
    await Promise.all(running.values());
  }

  function claimOf(lane: string, { message, room }: Item): Claim<T> | null {
    const handed = delivery(message);
    const { count, at } = handed;
    let mine = true;
    const finish = (answer: Parameters<typeof reply>[2]) => {
      if (!mine) return;
      mine = false;
      reply(connection, message, answer);
      room.give();
      lanes.done(lane);
      wake();
    };
    try {
      return {
        ...decodeJob(message.subject, message.data) as Job<T>,
        enqueued: at,
        redelivered: count > 1 && !untouched.take(handed),
        ack: () => finish("+ACK"),
        keep: () => mine && reply(connection, message, "+WPI"),
        release(delayMs = 0, asNew = false) {
          if (mine && asNew) untouched.add(handed);
          finish(`-NAK {"delay":${Math.round(delayMs * 1_000_000)}}`);
        },
      };
    } catch (error) {
      logger.error("log.bad-job", { subject: message.subject, error: messageOf(error) });
      finish("+TERM");
      return null;
    }
  }

  const stopForgetting = connection.onBreak(() => untouched.clear());
  using _sweeping = startSweeping({ jsm, logger });
  const keeping = setInterval(() => {
    for (const { message } of lanes) reply(connection, message, "+WPI");
  }, ackWaitMs / KEEPS);
  const watching = watch();
  try {
    while (!signal.aborted) {
      const next = lanes.next();
      if (next === null) {
        await new Promise<void>((resolve) => wake = resolve);
        continue;
      }
      const claim = claimOf(next.lane, next.item);
      if (claim !== null) yield claim;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    end.abort();
    await watching;
    stopForgetting();
    clearInterval(keeping);
    // What nobody took goes back at once, rather than when its time is up.
    for (const { message } of lanes) reply(connection, message, "-NAK");
  }
}
