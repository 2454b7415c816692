/**
 * Group commit: what is added while commits are in flight travels together in the next one. One
 * fsync then serves all of it, and nobody waits for more than one commit before their own.
 */
import { LogUnavailableError } from "../port.ts";

export interface PackerOptions<T, R> {
  /** Most bytes and items in one commit. An item larger than that travels alone. */
  maxBytes: number;
  maxItems: number;
  /** Commits under way at once. 1 keeps their order whatever fails. */
  maxInFlight: number;
  /** What may wait in memory. More is refused at once. */
  maxWaitingBytes: number;
  /** From `add` to its answer. */
  limitMs: number;
  /** Makes the items durable together; answers one by one, in order. */
  commit(items: readonly T[], limitMs: number): Promise<readonly R[]>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly bytes: number;
  readonly end: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export class Packer<T, R> {
  private waiting: Waiting<T, R>[] = [];
  private held = 0;
  private inFlight = 0;
  private whenIdle: (() => void)[] = [];

  constructor(private readonly options: PackerOptions<T, R>) {}

  /** @throws {LogUnavailableError} at once when too much waits, else what `commit` throws. */
  add(item: T, bytes: number): Promise<R> {
    if (this.held > 0 && this.held + bytes > this.options.maxWaitingBytes) {
      return Promise.reject(new LogUnavailableError("too much waits to be written to the log"));
    }
    this.held += bytes;
    return new Promise((resolve, reject) => {
      const end = performance.now() + this.options.limitMs;
      this.waiting.push({ item, bytes, end, resolve, reject });
      // What is added in one breath shares the first commit too.
      queueMicrotask(() => this.next());
    });
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.inFlight === 0 && this.waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }

  private next(): void {
    if (this.waiting.length > 0 && this.inFlight < this.options.maxInFlight) {
      this.inFlight++;
      this.send(this.take());
    } else if (this.waiting.length === 0 && this.inFlight === 0) {
      for (const resolve of this.whenIdle.splice(0)) resolve();
    }
  }

  private take(): Waiting<T, R>[] {
    let count = 0;
    for (let bytes = 0; count < this.waiting.length && count < this.options.maxItems; count++) {
      bytes += this.waiting[count]!.bytes;
      if (count > 0 && bytes > this.options.maxBytes) break;
    }
    return this.waiting.splice(0, count);
  }

  private async send(pack: Waiting<T, R>[]): Promise<void> {
    try {
      // The one that has waited longest came first: its time limits them all.
      const left = Math.max(pack[0]!.end - performance.now(), 1);
      const results = await this.options.commit(pack.map((waiting) => waiting.item), left);
      pack.forEach((waiting, i) => waiting.resolve(results[i]!));
    } catch (error) {
      pack.forEach((waiting) => waiting.reject(error));
    } finally {
      for (const { bytes } of pack) this.held -= bytes;
      this.inFlight--;
      this.next();
    }
  }
}
