/** Publishing into a stream until it is acknowledged: a retry after an unknown outcome is harmless. */
import { ConflictError, LogFullError } from "../port.ts";
import type { Connection } from "./connection.ts";
import { persevere, RefusedError } from "./persevere.ts";

/** Codes of the JetStream API (`err_code`). */
const WRONG_LAST_SEQUENCE = 10071;
const FULL = new Set([
  10002, // the account's resources are used up
  10023, // the server's resources are used up
  10047, // the server's storage is used up
  10077, // the stream's limit of bytes or messages is reached
]);

/** What JetStream answers to a publish. */
export interface Ack {
  readonly seq: number;
  /** Stored before, under the same `Nats-Msg-Id`. */
  readonly duplicate: boolean;
  /** New total of a counter. */
  readonly value: string | null;
}

/**
 * Publishes one message. `headers` must hold a `Nats-Msg-Id`.
 * @throws {LogUnavailableError} after `limitMs` without an acknowledgement.
 * @throws {LogFullError} @throws {ConflictError} when an expected sequence is not the last.
 */
export function publish(
  connection: Connection,
  subject: string,
  payload: Uint8Array,
  headers: Readonly<Record<string, string>>,
  limitMs: number,
): Promise<Ack> {
  return persevere(connection, limitMs, async (timeoutMs) => {
    const reply = await connection.request(subject, payload, { timeoutMs, headers });
    return parseAck(reply.string());
  });
}

/** @throws what the answer says; a plain `Error` where a retry may help (5xx: not ready yet). */
export function parseAck(text: string): Ack {
  const { seq, duplicate, val, error } = JSON.parse(text) as {
    seq?: number;
    duplicate?: boolean;
    val?: string;
    error?: { code: number; err_code?: number; description?: string };
  };
  if (error === undefined) {
    return { seq: seq!, duplicate: duplicate === true, value: val ?? null };
  }
  const code = error.err_code ?? 0;
  const description = error.description ?? `JetStream error ${error.code}`;
  if (code === WRONG_LAST_SEQUENCE) throw new ConflictError(description);
  if (FULL.has(code)) throw new LogFullError(`the log is full: ${description}`);
  if (error.code >= 500) throw new Error(description);
  throw new RefusedError(code, description);
}
