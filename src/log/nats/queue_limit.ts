/** Refuses new work when the queue has its share of the disk: JetStream cannot, where it schedules. */
import type { JetStreamManager } from "@nats-io/jetstream";
import { LogFullError } from "../port.ts";
import { QUEUE } from "./streams.ts";

/** The size is asked for this often: what comes in between is let in. */
const FRESH_MS = 2_000;

export class QueueLimit {
  private bytes = 0;
  private askedAt = -Infinity;

  constructor(private readonly jsm: JetStreamManager, private readonly maxBytes: number) {}

  /** @throws {LogFullError} by what was known last: nobody waits for the size. */
  check(): void {
    if (performance.now() - this.askedAt > FRESH_MS) {
      this.askedAt = performance.now();
      this.refresh();
    }
    if (this.bytes >= this.maxBytes) {
      throw new LogFullError(`the queue is full: ${this.bytes} bytes`);
    }
  }

  private async refresh(): Promise<void> {
    try {
      this.bytes = (await this.jsm.streams.info(QUEUE)).state.bytes;
    } catch {
      // A size that cannot be had refuses nothing: the publish itself will tell.
    }
  }
}
