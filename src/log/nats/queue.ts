/** The work queue and its timers, in one stream. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { type Claim, type Job, LogUnavailableError, type Queue } from "../port.ts";
import { BATCH_ITEMS, type Outgoing, publishAll } from "./batch.ts";
import { claimJobs, WORKERS, workersConsumer } from "./claims.ts";
import type { Connection } from "./connection.ts";
import { ensureConsumer } from "./consumers.ts";
import { DUE, dueConsumer } from "./due.ts";
import { checkedLane, encodeJob, jobText, withLuggage } from "./job_codec.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { jobsIn, PackWriter } from "./pack_writer.ts";
import { Packer } from "./packer.ts";
import { PARKED } from "./parked.ts";
import { QueueLimit } from "./queue_limit.ts";
import { QUEUE } from "./streams.ts";

const TIMERS = "timers.*.*";
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
  private readonly packs: PackWriter;
  private readonly limit: QueueLimit;

  constructor(private readonly options: QueueOptions) {
    const { connection, limitMs } = options;
    this.limit = new QueueLimit(options.jsm, options.maxBytes);
    this.packs = new PackWriter(connection, limitMs, options.now);
    this.packer = new Packer<Outgoing, undefined>({
      maxBytes: PACK_BYTES,
      maxItems: BATCH_ITEMS,
      maxInFlight: IN_FLIGHT,
      maxWaitingBytes: WAITING_BYTES,
      limitMs,
      commit: async (messages, limitMs) => {
        this.limit.check();
        await publishAll(connection, messages, limitMs);
        return messages.map(() => undefined);
      },
    });
  }

  async enqueue(jobs: readonly Job<unknown>[]): Promise<void> {
    await Promise.all(jobs.map(encodeJob).map((message) => this.add(message)));
  }

  async schedule(job: Job<unknown>, at: number, { twin = false } = {}): Promise<void> {
    const text = withLuggage(jobText(job), { lane: checkedLane(job) });
    if (twin) await this.packs.noteTwin(job.id);
    if (at <= this.options.now()) return await this.add(encodeJob(job));
    this.limit.check();
    await this.packs.schedule(text, at);
  }

  claim<T>(options: { maxInFlight: number; signal: AbortSignal }): AsyncGenerator<Claim<T>> {
    return claimJobs<T>({ ...this.options, packs: this.packs }, options);
  }

  async depth(): Promise<{ waiting: number; claimed: number; scheduled: number }> {
    const { connection, jsm, limitMs, ackWaitMs } = this.options;
    for (const config of [workersConsumer(ackWaitMs), dueConsumer(ackWaitMs)]) {
      await ensureConsumer(connection, QUEUE, config, limitMs);
    }
    const jobs = async (filter: string) => {
      const { state } = await jsm.streams.info(QUEUE, { subjects_filter: filter });
      return Object.entries(state.subjects ?? {})
        .reduce((sum, [subject, count]) => sum + count * jobsIn(subject), 0);
    };
    try {
      const [workers, due, parked, scheduled] = await Promise.all([
        jsm.consumers.info(QUEUE, WORKERS),
        jsm.consumers.info(QUEUE, DUE),
        jobs(PARKED),
        jobs(TIMERS),
      ]);
      return {
        // What is just coming due counts by the pack: it is in the queue in a moment.
        waiting: workers.num_pending + parked + due.num_pending + due.num_ack_pending,
        claimed: workers.num_ack_pending,
        scheduled,
      };
    } catch (cause) {
      throw new LogUnavailableError(messageOf(cause), { cause });
    }
  }

  async idle(): Promise<void> {
    await Promise.all([this.packer.idle(), this.packs.idle()]);
  }

  private add(message: Outgoing): Promise<void> {
    return this.packer.add(message, message.payload.length);
  }
}
