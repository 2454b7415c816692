/**
 * Ids of which two jobs may be scheduled, for somebody scheduled it who then died, and whoever came
 * after could not know. Packs hold several jobs, so that the second cannot replace the first: both
 * come, and both are marked as maybe done.
 */
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { unpack } from "./pack_writer.ts";
import { QUEUE } from "./streams.ts";

/** Those of the last crashes: more there cannot be at a time, but of a log that crashes for days. */
const MOST = 200_000;

export class Twins {
  private readonly known = new Map<string, number>();
  private after = 0;

  constructor(private readonly connection: Connection) {}

  /** Reads what was noted since. @throws {LogUnavailableError} */
  async refresh(limitMs: number): Promise<void> {
    for (;;) {
      const query = { seq: this.after + 1, next_by_subj: "twins" };
      const stored = await directGet(this.connection, QUEUE, query, limitMs);
      if (stored === null) return;
      this.after = stored.seq;
      for (const id of unpack(stored.data)) this.known.set(JSON.parse(id) as string, stored.at);
      while (this.known.size > MOST) this.known.delete(this.known.keys().next().value!);
    }
  }

  /** When the second one was noted, ms UTC; null when there is none. */
  since(id: string): number | null {
    return this.known.get(id) ?? null;
  }
}
