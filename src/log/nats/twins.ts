/**
 * Which of several jobs of one id is meant, where somebody scheduled one and died, and whoever came
 * after could not know and scheduled another. Packs hold several jobs, so that the second cannot take
 * the first one's place: both come due, and all but the last are passed over then.
 */
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { unpack } from "./pack_writer.ts";
import { QUEUE } from "./streams.ts";

/** Those of the last crashes: more there cannot be at a time, but of a log that crashes for days. */
const MOST = 200_000;

/** A line of a message of `twins`. */
export interface Twin {
  readonly id: string;
  /** Of the last one. */
  readonly mark: string;
}

export class Twins {
  /** Id → mark of the last. */
  private readonly known = new Map<string, string>();
  private after = 0;

  constructor(private readonly connection: Connection) {}

  /** Reads what was noted since. @throws {LogUnavailableError} */
  async refresh(limitMs: number): Promise<void> {
    for (;;) {
      const query = { seq: this.after + 1, next_by_subj: "twins" };
      const stored = await directGet(this.connection, QUEUE, query, limitMs);
      if (stored === null) return;
      this.after = stored.seq;
      for (const line of unpack(stored.data)) {
        const { id, mark } = JSON.parse(line) as Twin;
        this.known.delete(id);
        this.known.set(id, mark);
      }
      while (this.known.size > MOST) this.known.delete(this.known.keys().next().value!);
    }
  }

  /** Whether another one has taken this one's place. */
  replaced(id: string, mark: string | undefined): boolean {
    const last = this.known.get(id);
    return last !== undefined && last !== mark;
  }
}
