/**
 * Connections, shared out among destinations. Each destination has its own line and its own limit,
 * so that a slow or dead one holds up nobody else. What leaves one address for one provider has a
 * limit in common, as the provider likes it; all together have one too. Destinations that wait for a
 * place under such a limit get theirs in turn.
 */
import type { Connect } from "./connector.ts";
import { Destination } from "./destination.ts";
import { Gate, type GateLimits } from "./gate.ts";
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

export interface PoolOptions {
  readonly limits: Limits;
  /** What holds for an address at a provider now; null: nothing but `limits`. */
  readonly shaping: ((address: string | null, provider: string) => GateLimits) | null;
  readonly connect: Connect;
  readonly send: Send;
  readonly now: () => number;
}

/** Sends one task over a session; null when the session turned out stale, and nothing happened. */
export type Send = (session: Session, task: Task) => Promise<Outcome | null>;

/** A line is let grow to what its gate lets through in this time, ms. */
const LINE_MS = 10_000;
/** How long somebody who finds the line full stays away, ms. */
const AWAY_MS = { least: 2_000, most: 30_000 };

export class Pool {
  readonly #destinations = new Map<string, Destination>();
  readonly #all: Gate;
  /** By address and provider. */
  readonly #gates = new Map<string, Gate & { refresh(): void }>();
  #closing = false;
  #emptied: () => void = () => {};

  constructor(readonly options: PoolOptions) {
    this.#all = new Gate("", options.limits, options.now());
  }

  get connections(): number {
    return this.#all.used;
  }

  /**
   * When the line of an address at a provider takes another copy; not later than now: at once. Who is
   * quick may have a long line; all others share `room`, so that none fills the node by itself.
   * @param room copies that may wait in lines
   */
  freeAt(address: string | null, provider: string, room: number): number {
    const gate = this.#gates.get(gateKey(address, provider));
    if (gate === undefined) return 0;
    const now = this.options.now();
    const pace = gate.pace(now);
    const share = Math.max(gate.limits.connections, room / this.#gates.size, pace * LINE_MS);
    if (gate.lined < Math.min(room, share)) return 0;
    const away = pace > 0 ? gate.lined / 2 / pace : now - gate.since;
    return now + Math.max(AWAY_MS.least, Math.min(AWAY_MS.most, away));
  }

  /** Takes the task in hand: its `done` is called, whatever happens. */
  submit(target: Target, task: Task): void {
    if (this.#closing) return task.done({ kind: "undone" });
    const { address, ehlo } = task.route;
    const key = `${address ?? ""}>${ehlo}>${target.key}`;
    let destination = this.#destinations.get(key);
    if (destination === undefined) {
      const { limits, now } = this.options;
      const own = this.#gate(address, task.provider);
      const gates = own === null ? [this.#all] : [this.#all, own];
      const { perDestination } = limits;
      destination = new Destination(key, target, task.route, perDestination, gates, now);
      this.#destinations.set(key, destination);
      for (const gate of gates) gate.destinations.add(destination);
    }
    destination.add(task);
    this.#pump(destination);
  }

  /** What holds has changed: everything that waits is chosen for anew, and limits hold at once. */
  reconsider(): void {
    for (const gate of this.#gates.values()) {
      gate.refresh();
      for (const each of gate.destinations) while (gate.over && each.dismissOne());
    }
    const waiting = [...this.#destinations.values()].flatMap((each) => each.clear());
    for (const task of waiting) task.done({ kind: "again" });
  }

  /** Gives back what waits; resolves when what is under way is done and all connections are closed. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const destination of this.#destinations.values()) {
      for (const task of destination.clear()) task.done({ kind: "undone" });
      while (destination.dismissOne());
    }
    if (this.#all.used > 0) await new Promise<void>((resolve) => this.#emptied = resolve);
  }

  #gate(address: string | null, provider: string): Gate | null {
    const { shaping, now } = this.options;
    if (shaping === null) return null;
    const key = gateKey(address, provider);
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      const made = new Gate(key, shaping(address, provider), now());
      gate = Object.assign(made, { refresh: () => made.limits = shaping(address, provider) });
      this.#gates.set(key, gate);
    }
    return gate;
  }

  #pump(destination: Destination): void {
    destination.wake();
    while (destination.wantsConnection) {
      const full = destination.gates.find((gate) => gate.full);
      if (full !== undefined) {
        full.queued.add(destination);
        for (const other of full.destinations) if (other.dismissOne()) break;
        return;
      }
      for (const gate of destination.gates) gate.used++;
      destination.connections++;
      void this.#serve(destination).finally(() => this.#ended(destination));
    }
  }

  #ended(destination: Destination): void {
    destination.connections--;
    for (const gate of destination.gates) gate.used--;
    for (const gate of destination.gates) {
      const [next] = gate.queued;
      if (next === undefined || gate.full) continue;
      gate.queued.delete(next);
      this.#pump(next);
    }
    this.#pump(destination);
    if (destination.connections === 0 && destination.waiting === 0) this.#forget(destination);
    if (this.#all.used === 0) this.#emptied();
  }

  #forget(destination: Destination): void {
    this.#destinations.delete(destination.key);
    for (const gate of destination.gates) {
      gate.queued.delete(destination);
      gate.destinations.delete(destination);
      if (gate.destinations.size === 0) this.#gates.delete(gate.key);
    }
  }

  /** The life of one place: a connection, and the next one when it is used up or lost. */
  async #serve(destination: Destination): Promise<void> {
    const { limits, send, now } = this.options;
    const { gates } = destination;
    let session: Session | null = null;
    let task: Task | null = null;
    for (;;) {
      if (session === null) {
        session = await this.#open(destination, task);
        if (session === null) return;
        if (this.#closing) break;
        // One answer of the servers lets others connect, when this one has taken its share.
        task ??= destination.take();
        this.#pump(destination);
      }
      task ??= destination.take() ?? (wanted(gates) ? null : await destination.next(limits.idleMs));
      if (task === null) break;
      if (!session.usable) {
        session.destroy();
        session = null;
        continue;
      }
      const outcome = await send(session, task);
      if (outcome !== null) {
        for (const gate of gates) gate.passed(now());
        task.done(outcome);
        task = null;
      }
      if (this.#closing || owesPlace(destination)) break;
      const most = Math.min(...gates.map(({ limits }) => limits.messagesPerConnection));
      if (!session.usable || session.count >= most) {
        if (wanted(gates)) break;
        await session.quit();
        session = null;
        if (task === null && destination.waiting === 0) return;
      }
    }
    if (task !== null && this.#closing) task.done({ kind: "undone" });
    else if (task !== null) destination.putBack(task);
    await session.quit();
  }

  /** Null when no connection was had, and all who waited for one (`task` among them) know. */
  async #open(destination: Destination, task: Task | null): Promise<Session | null> {
    destination.opening++;
    const opened = await this.options.connect(destination.target, destination.origin);
    if (!("kind" in opened)) {
      destination.opening--;
      destination.connected();
      return opened;
    }
    const othersStand = destination.live > 0;
    const failed = destination.notConnected();
    destination.opening--;
    if (task !== null && othersStand) destination.putBack(task);
    else if (task !== null) failed.push(task);
    for (const each of failed) {
      each.startedAt ||= this.options.now();
      each.done(this.#closing ? { kind: "undone" } : opened);
    }
    return null;
  }
}

/** Others wait for a place. */
function wanted(gates: readonly Gate[]): boolean {
  return gates.some((gate) => gate.queued.size > 0);
}

/** Others wait for a place, and this destination has more than its share; or there are too many. */
function owesPlace({ gates, connections }: Destination): boolean {
  return gates.some((gate) =>
    gate.over || (gate.queued.size > 0 && connections > Math.max(1, gate.share))
  );
}

function gateKey(address: string | null, provider: string): string {
  return `${address ?? ""} ${provider}`;
}
