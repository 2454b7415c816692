/** The work queue and its timers, in one stream. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { type Claim, type Job, LogUnavailableError, type Queue } from "../port.ts";
import { BATCH_ITEMS, type Outgoing, publishAll } from "./batch.ts";
import type { Connection } from "./connection.ts";
import { ensureConsumer, pullDurable } from "./consumers.ts";
import { delivery, reply } from "./delivery.ts";
import { decodeJob, encodeJob, encodeTimer } from "./job_codec.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { Packer } from "./packer.ts";
import { Room } from "./pull.ts";
import { QueueLimit } from "./queue_limit.ts";
import { startSweeping } from "./queue_sweep.ts";
import { QUEUE } from "./streams.ts";

const JOBS = "jobs.*";
const WORKERS = "workers";
/** Of all workers together. */
const MAX_CLAIMED = 100_000;
const IN_FLIGHT = 2;

export interface QueueOptions {
  connection: Connection;
  jsm: JetStreamManager;
  limitMs: number;
  ackWaitMs: number;
  /** Disk the queue may take. */
  maxBytes: number;
  logger: Logger;
}

export class JobQueue implements Queue {
  private readonly packer: Packer<Outgoing, undefined>;

  constructor(private readonly options: QueueOptions) {
    const limit = new QueueLimit(options.jsm, options.maxBytes);
    this.packer = new Packer<Outgoing, undefined>({
      maxBytes: PACK_BYTES,
      maxItems: BATCH_ITEMS,
      maxInFlight: IN_FLIGHT,
      maxWaitingBytes: WAITING_BYTES,
      limitMs: options.limitMs,
      commit: async (messages, limitMs) => {
        limit.check();
        await publishAll(options.connection, messages, limitMs);
        return messages.map(() => undefined);
      },
    });
  }

  async enqueue(jobs: readonly Job<unknown>[]): Promise<void> {
    await Promise.all(jobs.map(encodeJob).map((message) => this.add(message)));
  }

  schedule(job: Job<unknown>, at: number): Promise<void> {
    return this.add(encodeTimer(job, at));
  }

  async *claim<T>(
    { maxInFlight, signal }: { maxInFlight: number; signal: AbortSignal },
  ): AsyncGenerator<Claim<T>> {
    const { connection, jsm, logger } = this.options;
    const room = new Room(maxInFlight);
    const options = { stream: QUEUE, config: this.consumer(), room, signal, logger };
    using _sweeping = startSweeping({ jsm, jobs: JOBS, consumer: WORKERS, logger });
    for await (const message of pullDurable(connection, options)) {
      let job: Job<T>;
      try {
        job = decodeJob(message.subject, message.data) as Job<T>;
      } catch (error) {
        logger.error("log.bad-job", { subject: message.subject, error: messageOf(error) });
        reply(connection, message, "+TERM");
        room.give();
        continue;
      }
      const { count, at } = delivery(message);
      let mine = true;
      const finish = (answer: Parameters<typeof reply>[2]) => {
        if (!mine) return;
        mine = false;
        reply(connection, message, answer);
        room.give();
      };
      yield {
        ...job,
        enqueued: at,
        redelivered: count > 1,
        ack: () => finish("+ACK"),
        keep: () => mine && reply(connection, message, "+WPI"),
        release: (delayMs = 0) => finish(`-NAK {"delay":${Math.round(delayMs * 1_000_000)}}`),
      };
    }
  }

  async depth(): Promise<{ waiting: number; claimed: number; scheduled: number }> {
    const { connection, jsm, limitMs } = this.options;
    await ensureConsumer(connection, QUEUE, this.consumer(), limitMs);
    try {
      const [consumer, stream] = await Promise.all([
        jsm.consumers.info(QUEUE, WORKERS),
        jsm.streams.info(QUEUE, { subjects_filter: JOBS }),
      ]);
      // Timers are what is no job; there may be too many of them to list. Both figures move on.
      const { messages, subjects } = stream.state;
      const jobs = Object.values(subjects ?? {}).reduce((sum, count) => sum + count, 0);
      return {
        waiting: consumer.num_pending,
        claimed: consumer.num_ack_pending,
        scheduled: Math.max(0, messages - jobs),
      };
    } catch (cause) {
      throw new LogUnavailableError(messageOf(cause), { cause });
    }
  }

  idle(): Promise<void> {
    return this.packer.idle();
  }

  private consumer() {
    return {
      durable_name: WORKERS,
      filter_subjects: [JOBS],
      ack_policy: "explicit" as const,
      ack_wait: this.options.ackWaitMs * 1_000_000,
      max_ack_pending: MAX_CLAIMED,
    };
  }

  private add(message: Outgoing): Promise<void> {
    return this.packer.add(message, message.payload.length);
  }
}
