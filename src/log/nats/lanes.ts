/**
 * Which job a worker gets next. Lanes take turns; and none may hold more places than it leaves free
 * for others (dynamic thresholds: Choudhury and Hahne, 1998), so that whoever comes with little finds
 * room however much others have brought. Pure: it holds jobs in memory and decides.
 */

interface Lane<T> {
  readonly waiting: T[];
  /** In the worker's hands. */
  handed: number;
  /** More of it is laid aside: what comes now goes behind that. */
  parked: boolean;
}

export class Lanes<T> {
  private readonly lanes = new Map<string, Lane<T>>();
  /** Lanes with something waiting, whose turn is next first. */
  private readonly turns = new Set<string>();
  private waiting = 0;
  private handed = 0;

  constructor(
    private readonly limits: {
      /** In the worker's hands at most. */
      most: number;
      /** Kept here for it, more or less. */
      kept: number;
    },
  ) {}

  /** Whether it takes one more of a lane; otherwise it should be laid aside. */
  takes(lane: string): boolean {
    const { parked = false, waiting: { length: waiting } = [] } = this.lanes.get(lane) ?? {};
    const { kept } = this.limits;
    return !parked && waiting < Math.max(kept / 8, kept - this.waiting);
  }

  add(lane: string, items: readonly T[]): void {
    if (items.length === 0) return;
    const { waiting } = this.lane(lane);
    for (const item of items) waiting.push(item);
    this.waiting += items.length;
    this.turns.add(lane);
  }

  setParked(name: string, parked: boolean): void {
    this.lane(name).parked = parked;
    this.forget(name);
  }

  /** The next job for the worker, or null while it holds what it may. `done` gives the place back. */
  next(): { lane: string; item: T } | null {
    const free = this.limits.most - this.handed;
    if (free <= 0) return null;
    for (const name of this.turns) {
      const lane = this.lane(name);
      if (lane.handed >= free) continue;
      const item = lane.waiting.shift()!;
      this.turns.delete(name);
      if (lane.waiting.length > 0) this.turns.add(name);
      lane.handed++;
      this.handed++;
      this.waiting--;
      return { lane: name, item };
    }
    return null;
  }

  done(name: string): void {
    this.lane(name).handed--;
    this.handed--;
    this.forget(name);
  }

  /** All that waits. */
  *[Symbol.iterator](): Generator<T> {
    for (const { waiting } of this.lanes.values()) yield* waiting;
  }

  /** Takes out all that waits. */
  clear(): T[] {
    const all = [...this];
    for (const lane of this.lanes.values()) lane.waiting.length = 0;
    this.waiting = 0;
    this.turns.clear();
    return all;
  }

  private lane(name: string): Lane<T> {
    let lane = this.lanes.get(name);
    if (lane === undefined) this.lanes.set(name, lane = { waiting: [], handed: 0, parked: false });
    return lane;
  }

  private forget(name: string): void {
    const lane = this.lane(name);
    if (lane.handed === 0 && lane.waiting.length === 0 && !lane.parked) this.lanes.delete(name);
  }
}
