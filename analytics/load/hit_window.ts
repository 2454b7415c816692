/**
 * The latest hits, by copy (message and recipient), each with whom it counts for now: what a new hit
 * is judged by. What it holds depends on the log alone, not on how the log was cut into batches or
 * where a loader stopped; so a rebuild judges as the first pass did. Bounded: the latest
 * {@link HitWindow.HELD} hits, of the last hour.
 */
import { judge, type JudgedHit, type RawHit, type Verdict, WINDOW_MS } from "./classify/mod.ts";

/** A hit as the window holds it. */
export type HeldHit = JudgedHit & { reason: string };

/** With the earlier hits themselves that the hit revokes, as they were judged. */
export type Judgement = Omit<Verdict, "revokes"> & { revokes: RawHit[] };

interface Entry {
  copy: string;
  hit: HeldHit;
  recorded: number;
}

export class HitWindow {
  static readonly HELD = 50_000;
  /** By the log's clock. Far longer than hits matter, for those that reach the log late. */
  static readonly KEEP_MS = 3_600_000;
  /** Of one copy. */
  static readonly HELD_OF_COPY = 100;

  readonly #byCopy = new Map<string, HeldHit[]>();
  /** In the log's order, from `#start` on. */
  #entries: Entry[] = [];
  #start = 0;

  get size(): number {
    return this.#entries.length - this.#start;
  }

  /** @param recorded when the log took the hit, ms UTC; never falls from one call to the next */
  judge(copy: string, hit: RawHit, recorded: number): Judgement {
    this.#forget(recorded);
    const known = this.#byCopy.get(copy) ?? [];
    const twin = known.find(({ id }) => id === hit.id);
    // The log may hold an event twice: its second row says what the first has come to.
    if (twin !== undefined) {
      this.#put({ copy, hit: twin, recorded });
      return { actor: twin.actor, reason: twin.reason, revokes: [] };
    }
    const before = known.filter(({ at }) => at >= hit.at - WINDOW_MS);
    const { actor, reason, revokes: ids } = judge(hit, before);
    const revokes = before.filter(({ id }) => ids.includes(id));
    this.hold(copy, { ...hit, actor, reason }, ids, recorded);
    return { actor, reason, revokes };
  }

  /** Takes in a hit judged before; `revokes`: ids of the hits that it revoked. */
  hold(copy: string, hit: HeldHit, revokes: readonly string[], recorded: number): void {
    for (const earlier of this.#byCopy.get(copy) ?? []) {
      if (revokes.includes(earlier.id)) {
        earlier.actor = "scanner";
        earlier.reason = hit.reason;
      }
    }
    this.#put({ copy, hit, recorded });
  }

  #put(entry: Entry): void {
    const { copy, hit } = entry;
    const others = (this.#byCopy.get(copy) ?? []).filter(({ id }) => id !== hit.id);
    this.#byCopy.set(copy, [...others.slice(1 - HitWindow.HELD_OF_COPY), hit]);
    this.#entries.push(entry);
  }

  #forget(recorded: number): void {
    const oldest = recorded - HitWindow.KEEP_MS;
    while (
      this.size > 0 &&
      (this.size >= HitWindow.HELD || this.#entries[this.#start]!.recorded < oldest)
    ) {
      const { copy, hit } = this.#entries[this.#start++]!;
      const left = (this.#byCopy.get(copy) ?? []).filter((other) => other !== hit);
      if (left.length === 0) this.#byCopy.delete(copy);
      else this.#byCopy.set(copy, left);
    }
    if (this.#start > HitWindow.HELD / 2) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }
}
