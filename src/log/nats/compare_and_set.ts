/** A message for each key, written where the server finds the one expected as the key's last. */
import { ConflictError } from "../port.ts";
import type { Connection } from "./connection.ts";
import { PACK_BYTES } from "./limits.ts";
import { publish } from "./publish.ts";

/**
 * Writes `value` as JSON where the subject's last sequence is `expected` (0: none).
 * @param id tells a write whose answer was lost from others' (`isOf`)
 * @returns its sequence; null where another stands there
 */
export async function compareAndSet(
  connection: Connection,
  { subject, value, expected, id }: {
    subject: string;
    value: unknown;
    expected: number;
    id: string;
  },
  limitMs: number,
): Promise<number | null> {
  const payload = new TextEncoder().encode(JSON.stringify(value));
  if (payload.length > PACK_BYTES) throw new RangeError(`a value of ${payload.length} bytes`);
  const headers = {
    "Nats-Msg-Id": id,
    "Nats-Expected-Last-Subject-Sequence": String(expected),
  };
  try {
    return (await publish(connection, subject, payload, headers, limitMs)).seq;
  } catch (error) {
    if (error instanceof ConflictError) return null;
    throw error;
  }
}

/** A retry finds the sequence moved on by its own first try, whose answer was lost. */
export const isOf = (
  { headers }: { headers: { get(name: string): string } | undefined },
  id: string,
) => headers?.get("Nats-Msg-Id") === id;
