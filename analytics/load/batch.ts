/** Commits on their way into one insert: whole commits of one month, written out. */
import type { Commit } from "@chappe/src/log";
import { linesOf } from "./fact.ts";
import type { HitWindow } from "./hit_window.ts";
import { TextBytes } from "./text_bytes.ts";

export class Batch {
  readonly month: string;
  readonly first: number;
  /** Time of the oldest commit in it, ms UTC. */
  readonly recorded: number;
  last = 0;
  events = 0;
  rows = 0;
  /** It went out because no more fit in. */
  isFull = false;
  readonly #text = new TextBytes();
  readonly #window: HitWindow;

  /** @param window of the hits before the batch; those of the batch are added */
  constructor(first: Pick<Commit, "seq" | "recorded">, window: HitWindow) {
    this.#window = window;
    this.first = first.seq;
    this.recorded = first.recorded;
    this.month = monthOf(first.recorded);
  }

  /** `onBad` hears of an event that is not shaped as its type says; such a one is left out. */
  add(commit: Commit, onBad: (id: string, error: unknown) => void): void {
    this.last = commit.seq;
    commit.events.forEach((event, idx) => {
      this.events++;
      const place = { seq: commit.seq, idx, batch: this.first, recorded: commit.recorded };
      try {
        const lines = linesOf(event, place, this.#window);
        this.rows += lines.length;
        for (const line of lines) this.#text.add(line);
      } catch (error) {
        onBad(event.id, error);
      }
    });
  }

  /** Bytes of its rows, about. */
  get size(): number {
    return this.#text.size;
  }

  /** Its rows in TabSeparated, columns as in COLUMNS (fact.ts). */
  pieces(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#text.pieces();
  }

  /** It is inserted, and nobody reads its rows any more. */
  letGo(): void {
    this.#text.letGo();
  }
}

/** The partition of `facts` a commit falls into: `YYYY-MM`, UTC. */
export function monthOf(recorded: number): string {
  return new Date(recorded).toISOString().slice(0, 7);
}
