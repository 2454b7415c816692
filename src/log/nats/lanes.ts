/**
 * Which job a worker gets next. Lanes take turns; and none may hold more places than it leaves free
 * for others (dynamic thresholds: Choudhury and Hahne, 1998), so that whoever comes with little finds
 * room however much others have brought. Pure: it holds jobs in memory and decides.
 */

interface Lane<T> {
  readonly waiting: T[];
  /** In the worker's hands. */
  handed: number;
}

export class Lanes<T> {
  private readonly lanes = new Map<string, Lane<T>>();
  /** Lanes with something waiting, whose turn is next first. */
  private readonly turns = new Set<string>();
  private handed = 0;

  /** @param most in the worker's hands, of all lanes together */
  constructor(private readonly most: number) {}

  add(name: string, item: T): void {
    let lane = this.lanes.get(name);
    if (lane === undefined) this.lanes.set(name, lane = { waiting: [], handed: 0 });
    lane.waiting.push(item);
    this.turns.add(name);
  }

  /** The next job for the worker, or null while it holds what it may. `done` gives the place back. */
  next(): { lane: string; item: T } | null {
    const free = this.most - this.handed;
    for (const name of this.turns) {
      const lane = this.lanes.get(name)!;
      if (lane.handed >= free) continue;
      const item = lane.waiting.shift()!;
      this.turns.delete(name);
      if (lane.waiting.length > 0) this.turns.add(name);
      lane.handed++;
      this.handed++;
      return { lane: name, item };
    }
    return null;
  }

  done(name: string): void {
    const lane = this.lanes.get(name)!;
    lane.handed--;
    this.handed--;
    if (lane.handed === 0 && lane.waiting.length === 0) this.lanes.delete(name);
  }

  /** All that waits. */
  *[Symbol.iterator](): Generator<T> {
    for (const { waiting } of this.lanes.values()) yield* waiting;
  }
}

/** Places of a worker that one lane may have at the most: it alone. */
export function alone(most: number): number {
  return Math.ceil(most / 2);
}
