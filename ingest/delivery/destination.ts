/** What waits for one set of servers from one source address, and the connections that serve it. */
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

/** Connections tried at once while it is not known whether the servers answer at all. */
const PROBES = 2;
/** How long the number of connections that a server accepted is not exceeded again, ms. */
const CEILING_MS = 60_000;

export class Destination {
  readonly waiting: Task[] = [];
  /** Connections, those being opened among them. */
  connections = 0;
  opening = 0;
  /** Some connection has been had since the last failure. */
  #proven = false;
  #ceiling = { count: Infinity, until: 0 };
  /** Connections with nothing to do; the last to become so serves first, so that the rest can age. */
  readonly #idle: ((task: Task | null) => void)[] = [];

  constructor(
    readonly target: Target,
    readonly source: string | null,
    readonly most: number,
    readonly now: () => number,
  ) {}

  get live(): number {
    return this.connections - this.opening;
  }

  /** Whether another connection would help. */
  get wantsConnection(): boolean {
    const most = this.now() < this.#ceiling.until
      ? Math.min(this.most, this.#ceiling.count)
      : this.most;
    return this.waiting.length > this.opening && this.connections < most &&
      (this.#proven || this.opening < PROBES);
  }

  connected(): void {
    this.#proven = true;
  }

  /** A connection was not had. Gives those who waited for it: nobody, as long as others stand. */
  notConnected(): Task[] {
    if (this.live > 0) {
      this.#ceiling = { count: this.live, until: this.now() + CEILING_MS };
      return [];
    }
    this.#proven = false;
    return this.waiting.splice(0);
  }

  /** Hands what waits to connections that have nothing to do. */
  wake(): void {
    while (this.waiting.length > 0 && this.#idle.length > 0) {
      this.#idle.pop()!(this.waiting.shift()!);
    }
  }

  /** The next task for a connection; null when there was none for `idleMs`, or it is dismissed. */
  next(idleMs: number): Promise<Task | null> {
    const task = this.waiting.shift();
    if (task !== undefined) return Promise.resolve(task);
    return new Promise((resolve) => {
      const take = (task: Task | null) => {
        clearTimeout(timer);
        resolve(task);
      };
      const timer = setTimeout(() => {
        this.#idle.splice(this.#idle.indexOf(take), 1);
        resolve(null);
      }, idleMs);
      this.#idle.push(take);
    });
  }

  /** Ends the connection that has had nothing to do for longest, if any. */
  dismissOne(): boolean {
    const longest = this.#idle.shift();
    longest?.(null);
    return longest !== undefined;
  }
}
