/** Packs whose time has come: their jobs go into the queue, each by itself and once. */
import type { Msg } from "@nats-io/nats-core";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import { BATCH_ITEMS, type Outgoing, publishAll } from "./batch.ts";
import type { Connection } from "./connection.ts";
import { pullDurable } from "./consumers.ts";
import { delivery, reply } from "./delivery.ts";
import { decodeJob, jobText, outgoing, withLuggage } from "./job_codec.ts";
import { PACK_BYTES, WAITING_BYTES } from "./limits.ts";
import { unpack } from "./pack_writer.ts";
import { Packer } from "./packer.ts";
import { pause } from "./pause.ts";
import { Room } from "./pull.ts";
import { QUEUE } from "./streams.ts";
import { Twins } from "./twins.ts";

export const DUE = "due";
const PACKS = 64;
const LIMIT_MS = 30_000;

export interface DueOptions {
  connection: Connection;
  ackWaitMs: number;
  signal: AbortSignal;
  logger: Logger;
}

/** Until `signal` aborts; any number of workers may. */
export async function moveDue(options: DueOptions): Promise<void> {
  const { connection, signal, logger } = options;
  const twins = new Twins(connection);
  const packer = new Packer<Msg, undefined>({
    maxBytes: PACK_BYTES,
    maxItems: PACKS,
    maxInFlight: 1,
    maxWaitingBytes: WAITING_BYTES,
    limitMs: LIMIT_MS,
    commit: async (packs, limitMs) => {
      const started = performance.now();
      await twins.refresh(limitMs);
      const jobs = packs.flatMap((pack) => jobsOf(pack, twins, logger));
      for (let i = 0; i < jobs.length; i += BATCH_ITEMS) {
        await publishAll(connection, jobs.slice(i, i + BATCH_ITEMS), limitMs);
      }
      // However many come due at once: half of the time is for others.
      await pause(performance.now() - started, signal);
      return packs.map(() => undefined);
    },
  });
  const room = new Room(PACKS);
  const pulling = { stream: QUEUE, config: dueConsumer(options.ackWaitMs), room, signal, logger };
  for await (const pack of pullDurable(connection, pulling)) {
    packer.add(pack, pack.data.length).then(
      () => reply(connection, pack, "+ACK"),
      (error) => {
        logger.warn("log.due", { error: messageOf(error) });
        reply(connection, pack, '-NAK {"delay":1000000000}');
      },
    ).finally(() => room.give());
  }
  await packer.idle();
}

export function dueConsumer(ackWaitMs: number) {
  return {
    durable_name: DUE,
    filter_subjects: [DUE],
    ack_policy: "explicit" as const,
    ack_wait: ackWaitMs * 1_000_000,
  };
}

function jobsOf(pack: Msg, twins: Twins, logger: Logger): Outgoing[] {
  const { count, at } = delivery(pack);
  return unpack(pack.data).flatMap((line) => {
    try {
      const { job, key, ...luggage } = decodeJob(line);
      const { id, lane } = job;
      const since = luggage.at ?? twins.since(id) ?? (count > 1 ? at : null);
      const text = jobText(job);
      const marked = since === null ? text : withLuggage(text, { at: since, again: true });
      return [outgoing(lane, marked, key ?? id)];
    } catch (error) {
      logger.error("log.bad-job", { subject: pack.subject, error: messageOf(error) });
      return [];
    }
  });
}
