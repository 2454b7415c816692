/**
 * Connections, shared out among destinations. Each destination has its own line and its own limit,
 * so that a slow or dead one holds up nobody else; all together have a limit too, and the
 * destinations that wait for a place under it get theirs in turn.
 */
import type { Connect } from "./connector.ts";
import { Destination } from "./destination.ts";
import type { Outcome } from "./outcome.ts";
import type { Session } from "./smtp/mod.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

export interface Limits {
  /** Connections in all. */
  readonly connections: number;
  /** Connections to one destination from one source address. */
  readonly perDestination: number;
  readonly messagesPerConnection: number;
  /** How long a connection is kept with nothing to do, ms. */
  readonly idleMs: number;
}

/** Sends one task over a session; null when the session turned out stale, and nothing happened. */
export type Send = (session: Session, task: Task) => Promise<Outcome | null>;

export class Pool {
  readonly #destinations = new Map<string, Destination>();
  /** Waiting for a place under the limit of all connections. */
  readonly #queued = new Set<Destination>();
  #connections = 0;
  #closing = false;
  #emptied: () => void = () => {};

  constructor(
    readonly options: { limits: Limits; connect: Connect; send: Send; now: () => number },
  ) {}

  get connections(): number {
    return this.#connections;
  }

  /** How many wait for `target` now. */
  waiting(target: Target, source: string | null): number {
    return this.#destinations.get(keyOf(target, source))?.waiting.length ?? 0;
  }

  /** Takes the task in hand: its `done` is called, whatever happens. */
  submit(target: Target, task: Task): void {
    if (this.#closing) return task.done({ kind: "undone" });
    const source = task.route.address;
    const key = keyOf(target, source);
    let destination = this.#destinations.get(key);
    if (destination === undefined) {
      const { limits, now } = this.options;
      destination = new Destination(target, source, limits.perDestination, now);
      this.#destinations.set(key, destination);
    }
    destination.waiting.push(task);
    this.#pump(destination);
  }

  /** Gives back what waits; resolves when what is under way is done and all connections are closed. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const destination of this.#destinations.values()) {
      for (const task of destination.waiting.splice(0)) task.done({ kind: "undone" });
      while (destination.dismissOne());
    }
    if (this.#connections > 0) await new Promise<void>((resolve) => this.#emptied = resolve);
  }

  #pump(destination: Destination): void {
    destination.wake();
    while (destination.wantsConnection) {
      if (this.#connections >= this.options.limits.connections) {
        this.#queued.add(destination);
        for (const other of this.#destinations.values()) if (other.dismissOne()) break;
        return;
      }
      this.#connections++;
      destination.connections++;
      void this.#serve(destination).finally(() => this.#ended(destination));
    }
  }

  #ended(destination: Destination): void {
    this.#connections--;
    destination.connections--;
    const [next] = this.#queued;
    if (next !== undefined) {
      this.#queued.delete(next);
      this.#pump(next);
    }
    this.#pump(destination);
    if (destination.connections === 0 && destination.waiting.length === 0) {
      this.#destinations.delete(keyOf(destination.target, destination.source));
    }
    if (this.#connections === 0) this.#emptied();
  }

  /** The life of one place: a connection, and the next one when it is used up or lost. */
  async #serve(destination: Destination): Promise<void> {
    const { limits, send } = this.options;
    let session: Session | null = null;
    let task: Task | null = null;
    for (;;) {
      if (session === null) {
        session = await this.#open(destination, task);
        if (session === null) return;
        if (this.#closing) break;
        // One answer of the servers lets others connect, when this one has taken its share.
        task ??= destination.waiting.shift() ?? null;
        this.#pump(destination);
      }
      task ??= await destination.next(limits.idleMs);
      if (task === null) break;
      if (!session.usable) {
        session.destroy();
        session = null;
        continue;
      }
      const outcome = await send(session, task);
      if (outcome !== null) {
        task.done(outcome);
        task = null;
      }
      if (this.#closing || this.#owesPlace(destination)) break;
      if (!session.usable || session.count >= limits.messagesPerConnection) {
        await session.quit();
        session = null;
        if (task === null && destination.waiting.length === 0) return;
      }
    }
    if (task !== null && this.#closing) task.done({ kind: "undone" });
    else if (task !== null) destination.waiting.unshift(task);
    await session.quit();
  }

  /** Null when no connection was had, and all who waited for one (`task` among them) know. */
  async #open(destination: Destination, task: Task | null): Promise<Session | null> {
    destination.opening++;
    const opened = await this.options.connect(destination.target, destination.source);
    if (!("kind" in opened)) {
      destination.opening--;
      destination.connected();
      return opened;
    }
    const othersStand = destination.live > 0;
    const failed = destination.notConnected();
    destination.opening--;
    if (task !== null && othersStand) destination.waiting.unshift(task);
    else if (task !== null) failed.push(task);
    for (const each of failed) {
      each.startedAt ||= this.options.now();
      each.done(this.#closing ? { kind: "undone" } : opened);
    }
    return null;
  }

  /** Others wait for a place, and this destination has more than its share. */
  #owesPlace(destination: Destination): boolean {
    if (this.#queued.size === 0) return false;
    const share = this.options.limits.connections / this.#destinations.size;
    return destination.connections > Math.max(1, share);
  }
}

function keyOf(target: Target, source: string | null): string {
  return `${source ?? ""}>${target.key}`;
}
