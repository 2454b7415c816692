/** Trying again until the log answers or time is up. */
import { messageOf } from "../../runtime/mod.ts";
import { ConflictError, LogFullError, LogUnavailableError } from "../port.ts";
import type { Connection } from "./connection.ts";
import { pause } from "./pause.ts";

const ATTEMPT_MS = 2_500;
const PAUSE_MS = 100;

/** JetStream refused for good; nothing was stored. */
export class RefusedError extends LogUnavailableError {
  override name = "RefusedError";
  constructor(readonly code: number, description: string) {
    super(description);
  }
}

/**
 * Calls `attempt` when connected, again after each failure that may pass. It must be harmless to do
 * twice. @throws {LogUnavailableError} after `limitMs`; at once what is final, and when `signal` aborts.
 */
export async function persevere<T>(
  connection: Connection,
  limitMs: number,
  attempt: (timeoutMs: number) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const end = performance.now() + limitMs;
  let last = "not connected to NATS";
  for (let left = limitMs; left > 0; left = end - performance.now()) {
    try {
      await connection.whenConnected(left, signal);
      return await attempt(Math.min(Math.max(end - performance.now(), 1), ATTEMPT_MS));
    } catch (error) {
      if (isFinal(error) || signal?.aborted) throw error;
      last = messageOf(error);
    }
    await pause(PAUSE_MS, signal);
  }
  throw new LogUnavailableError(`the log did not answer within ${limitMs} ms: ${last}`);
}

function isFinal(error: unknown): boolean {
  return error instanceof RefusedError || error instanceof LogFullError ||
    error instanceof ConflictError;
}
