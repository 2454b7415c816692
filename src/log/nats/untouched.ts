/** What this worker gave back without having done anything to it: it is as good as new when it comes again. */
import type { Delivery } from "./delivery.ts";

/** Remembered; of one that is forgotten nobody knows. */
const MOST = 50_000;

export class Untouched {
  /** By sequence: which delivery it was. */
  private readonly counts = new Map<number, number>();

  add({ seq, count }: Delivery): void {
    this.counts.delete(seq);
    this.counts.set(seq, count);
    if (this.counts.size > MOST) this.counts.delete(this.counts.keys().next().value!);
  }

  /** Whether this is the very next delivery: nobody else had it meanwhile. */
  take({ seq, count }: Delivery): boolean {
    const before = this.counts.get(seq);
    this.counts.delete(seq);
    return before === count - 1;
  }

  /** The log may have forgotten how often it handed things out. */
  clear(): void {
    this.counts.clear();
  }
}
