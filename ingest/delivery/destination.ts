/** What waits for one set of servers from one source address, and the connections that serve it. */
import type { Gate } from "./gate.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

/** Connections tried at once while it is not known whether the servers answer at all. */
const PROBES = 2;
/** How long the number of connections that a server accepted is not exceeded again, ms. */
const CEILING_MS = 60_000;

/** From where, and under which name. */
export interface Origin {
  /** Source IP address; null leaves it to the system. */
  readonly address: string | null;
  readonly ehlo: string;
}

export class Destination {
  #waiting: Task[] = [];
  /** Connections, those being opened among them. */
  connections = 0;
  opening = 0;
  /** Some connection has been had since the last failure. */
  #proven = false;
  #ceiling = { count: Infinity, until: 0 };
  /** Connections with nothing to do; the last to become so serves first, so that the rest can age. */
  readonly #idle: ((task: Task | null) => void)[] = [];

  constructor(
    readonly key: string,
    readonly target: Target,
    readonly origin: Origin,
    readonly most: number,
    /** The limits that it shares with others. */
    readonly gates: readonly Gate[],
    readonly now: () => number,
  ) {}

  get live(): number {
    return this.connections - this.opening;
  }
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether another connection would help. */
  get wantsConnection(): boolean {
    const most = this.now() < this.#ceiling.until
      ? Math.min(this.most, this.#ceiling.count)
      : this.most;
    return this.waiting > this.opening && this.connections < most &&
      (this.#proven || this.opening < PROBES);
  }

  add(task: Task): void {
    this.#waiting.push(task);
    for (const gate of this.gates) gate.lined++;
  }

  /** One that was taken, and is to be the next again. */
  putBack(task: Task): void {
    this.#waiting.unshift(task);
    for (const gate of this.gates) gate.lined++;
  }

  take(): Task | null {
    const task = this.#waiting.shift();
    if (task === undefined) return null;
    for (const gate of this.gates) gate.lined--;
    return task;
  }

  /** All that waits, which waits no longer. */
  clear(): Task[] {
    const all = this.#waiting;
    this.#waiting = [];
    for (const gate of this.gates) gate.lined -= all.length;
    return all;
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
    return this.clear();
  }

  /** Hands what waits to connections that have nothing to do. */
  wake(): void {
    while (this.waiting > 0 && this.#idle.length > 0) this.#idle.pop()!(this.take());
  }

  /** The next task for a connection; null when there was none for `idleMs`, or it is dismissed. */
  next(idleMs: number): Promise<Task | null> {
    const task = this.take();
    if (task !== null) return Promise.resolve(task);
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
