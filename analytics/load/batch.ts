/** Commits on their way into one insert: whole commits of one month, as text. */
import type { Commit } from "@chappe/src/log";
import { linesOf } from "./fact.ts";
import type { HitWindow } from "./hit_window.ts";

export class Batch {
  readonly month: string;
  readonly first: number;
  /** Time of the oldest commit in it, ms UTC. */
  readonly recorded: number;
  last = 0;
  events = 0;
  rows = 0;
  /** Length of its text, UTF-16 units. */
  size = 0;
  readonly #lines: string[] = [];
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
        for (const line of linesOf(event, place, this.#window)) this.#push(line);
      } catch (error) {
        onBad(event.id, error);
      }
    });
  }

  text(): string {
    return this.#lines.join("");
  }

  #push(text: string): void {
    this.rows++;
    this.size += text.length;
    this.#lines.push(text);
  }
}

/** The partition of `facts` a commit falls into: `YYYY-MM`, UTC. */
export function monthOf(recorded: number): string {
  return new Date(recorded).toISOString().slice(0, 7);
}
