/** The work queue and its timers, in one stream. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { type Claim, type Job, LogUnavailableError, type Queue } from "../port.ts";
import { BATCH_ITEMS, type Outgoing, publishAll } from "./batch.ts";
import { claimJobs } from "./claims.ts";
import type { Connection } from "./connection.ts";
import { encodeJob, encodeTimer } from "./job_codec.ts";
import { contents, laneStates } from "./lane_consumers.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { Packer } from "./packer.ts";
import { QueueLimit } from "./queue_limit.ts";

const IN_FLIGHT = 2;

export interface QueueOptions {
  connection: Connection;
  jsm: JetStreamManager;
  limitMs: number;
  ackWaitMs: number;
  /** Disk the queue may take. */
  maxBytes: number;
  now: () => number;
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
    return this.add(encodeTimer(job, at, this.options.now()));
  }

  claim<T>(options: Parameters<Queue["claim"]>[0]): AsyncGenerator<Claim<T>> {
    return claimJobs(this.options, options);
  }

  async depth(): Promise<{ waiting: number; claimed: number; scheduled: number }> {
    const { jsm } = this.options;
    try {
      const [states, { lanes, timers }] = await Promise.all([laneStates(jsm), contents(jsm)]);
      const unclaimed = [...lanes].filter(([lane]) => !states.has(lane)).map(([, count]) => count);
      return {
        waiting: sum([...states.values()].map((state) => state.num_pending)) + sum(unclaimed),
        claimed: sum([...states.values()].map((state) => state.num_ack_pending)),
        scheduled: timers,
      };
    } catch (cause) {
      throw new LogUnavailableError(messageOf(cause), { cause });
    }
  }

  idle(): Promise<void> {
    return this.packer.idle();
  }

  private add(message: Outgoing): Promise<void> {
    return this.packer.add(message, message.payload.length);
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
