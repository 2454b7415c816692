/** Several messages of one stream made durable by one fsync: atomic batches (NATS ADR-50). */
import { headers as makeHeaders } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { persevere, RefusedError } from "./persevere.ts";
import { parseAck, publish } from "./publish.ts";

/** The server takes no more in one batch. */
export const BATCH_ITEMS = 1000;
/** A batch has costs of its own: fewer messages are quicker one by one. */
const WORTH_IT = 4;

export interface Outgoing {
  readonly subject: string;
  readonly payload: Uint8Array;
  /** With a `Nats-Msg-Id`, where a repeat would not simply take its place. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Publishes all of them; those whose id the stream has seen lately are left out. Not all or nothing:
 * a failure may leave some behind, which a repeat does not double.
 * @throws {LogUnavailableError} @throws {LogFullError}
 */
export async function publishAll(
  connection: Connection,
  messages: readonly Outgoing[],
  limitMs: number,
): Promise<void> {
  if (messages.length >= WORTH_IT) {
    try {
      await persevere(connection, limitMs, (timeoutMs) => batch(connection, messages, timeoutMs));
      return;
    } catch (error) {
      // A batch with an id seen before is refused as a whole (so is any by a busy server): each of
      // its messages then stands for itself.
      if (!(error instanceof RefusedError)) throw error;
    }
  }
  await Promise.all(
    messages.map(({ subject, payload, headers }) =>
      publish(connection, subject, payload, headers, limitMs)
    ),
  );
}

async function batch(
  connection: Connection,
  messages: readonly Outgoing[],
  timeoutMs: number,
): Promise<void> {
  const id = crypto.randomUUID();
  const place = (i: number) => ({ "Nats-Batch-Id": id, "Nats-Batch-Sequence": String(i + 1) });
  const last = messages.length - 1;
  for (let i = 0; i < last; i++) {
    const { subject, payload, headers } = messages[i]!;
    const made = makeHeaders();
    for (const [name, value] of Object.entries({ ...headers, ...place(i) })) made.set(name, value);
    connection.nc.publish(subject, payload, { headers: made });
  }
  const { subject, payload, headers } = messages[last]!;
  const reply = await connection.request(subject, payload, {
    timeoutMs,
    headers: { ...headers, ...place(last), "Nats-Batch-Commit": "1" },
  });
  parseAck(reply.string());
}
