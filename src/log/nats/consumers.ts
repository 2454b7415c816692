/** Pulling for as long as the caller likes: the consumer is made (again) whenever a pull was lost. */
import type { ConsumerConfig } from "@nats-io/jetstream";
import { createInbox, type Msg } from "@nats-io/nats-core";
import { type Logger, messageOf } from "../../runtime/mod.ts";
import type { Connection } from "./connection.ts";
import { persevere } from "./persevere.ts";
import { pause } from "./pause.ts";
import { pull, type Room } from "./pull.ts";

const PAUSE_MS = 200;
const ENSURE_MS = 5_000;

/** A consumer as JetStream keeps it, with how many messages it has still to hand out. */
export interface Ensured {
  readonly name: string;
  readonly pending: number;
}

/** Makes a consumer, or brings one of the same durable name to this configuration. */
export function ensureConsumer(
  connection: Connection,
  stream: string,
  config: Partial<ConsumerConfig>,
  limitMs: number,
  signal?: AbortSignal,
): Promise<Ensured> {
  const name = config.durable_name ?? crypto.randomUUID().replaceAll("-", "");
  const payload = new TextEncoder().encode(
    JSON.stringify({ stream_name: stream, config: { ...config, name }, action: "" }),
  );
  return persevere(connection, limitMs, async (timeoutMs) => {
    const subject = `$JS.API.CONSUMER.CREATE.${stream}.${name}`;
    const reply = await connection.request(subject, payload, { timeoutMs });
    const { error, num_pending } = reply.json<
      { error?: { description: string }; num_pending: number }
    >();
    if (error !== undefined) throw new Error(error.description);
    return { name, pending: num_pending };
  }, signal);
}

/** Takes a consumer off the server before it is forgotten there by itself; does not wait for it. */
export function dropConsumer({ nc }: Connection, stream: string, name: string): void {
  if (nc.isClosed() || nc.isDraining()) return;
  nc.publish(`$JS.API.CONSUMER.DELETE.${stream}.${name}`, undefined, { reply: createInbox() });
}

/** Messages of a durable consumer, shared with all who use its name, until `signal` aborts. */
export async function* pullDurable(
  connection: Connection,
  options: {
    stream: string;
    config: Partial<ConsumerConfig> & { durable_name: string };
    room: Room;
    signal: AbortSignal;
    logger: Logger;
  },
): AsyncGenerator<Msg> {
  const { stream, config, room, signal, logger } = options;
  while (!signal.aborted) {
    try {
      const { name } = await ensureConsumer(connection, stream, config, ENSURE_MS, signal);
      yield* pull(connection, { stream, consumer: name, room, signal });
    } catch (error) {
      if (signal.aborted) return;
      logger.warn("log.consumer", { consumer: config.durable_name, error: messageOf(error) });
    }
    await pause(PAUSE_MS, signal);
  }
}
