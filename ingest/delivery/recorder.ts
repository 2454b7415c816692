/**
 * Brings outcomes into the log, however long it is away: an outcome that is known is never lost
 * while the process lives. As long as one is held up, nothing new is sent.
 */
import { LogUnavailableError } from "@chappe/src/log";
import type { Logger } from "@chappe/src/runtime";
import { pause } from "../pause.ts";

const PAUSE_MS = 500;

export interface Recorder {
  /** Does `write` until the log takes it. @throws {LogUnavailableError} once `signal` is aborted. */
  record(write: () => Promise<unknown>): Promise<void>;
  /** Resolves when nothing is held up; rejects once `signal` is aborted. */
  ready(): Promise<void>;
}

export function createRecorder(
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Recorder {
  let heldUp = 0;
  let waiting: PromiseWithResolvers<void> | null = null;
  signal.addEventListener("abort", () => waiting?.reject(signal.reason), { once: true });

  return {
    async record(write) {
      let failed = false;
      try {
        for (;;) {
          try {
            await write();
            return;
          } catch (error) {
            if (!(error instanceof LogUnavailableError) || signal.aborted) throw error;
            if (!failed) {
              failed = true;
              if (heldUp++ === 0) logger.warn("delivery.held-up", { error: error.message });
            }
            await pause(PAUSE_MS, signal);
          }
        }
      } finally {
        if (failed && --heldUp === 0) {
          logger.info("delivery.resumed");
          waiting?.resolve();
          waiting = null;
        }
      }
    },
    ready() {
      if (heldUp === 0) return Promise.resolve();
      waiting ??= Promise.withResolvers();
      if (signal.aborted) waiting.reject(signal.reason);
      return waiting.promise;
    },
  };
}
