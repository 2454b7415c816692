/** Places for connections under one limit, and the destinations that share them. */
import type { Destination } from "./destination.ts";

/** Over how long the throughput is taken, ms. */
const OVER_MS = 10_000;

export interface GateLimits {
  /** At once. */
  readonly connections: number;
  readonly messagesPerConnection: number;
}

export class Gate {
  /** Connections, those being opened among them. */
  used = 0;
  /** Copies that wait in the lines of its destinations. */
  lined = 0;
  readonly destinations = new Set<Destination>();
  /** Those that wait for a place. */
  readonly queued = new Set<Destination>();
  #done = 0;
  #doneAt = 0;

  constructor(
    readonly key: string,
    public limits: GateLimits,
    /** Since when there is something to count, ms UTC. */
    readonly since: number,
  ) {}

  get full(): boolean {
    return this.used >= this.limits.connections;
  }
  /** More are open than may be. */
  get over(): boolean {
    return this.used > this.limits.connections;
  }
  /** Of each of its destinations. */
  get share(): number {
    return this.limits.connections / this.destinations.size;
  }

  /** One copy has had its answer. */
  passed(now: number): void {
    this.#done = this.#decayed(now) + 1;
    this.#doneAt = now;
  }

  /** Copies that had their answer of late, per ms. */
  pace(now: number): number {
    return this.#decayed(now) / OVER_MS;
  }

  #decayed(now: number): number {
    return this.#done * Math.exp(-Math.max(0, now - this.#doneAt) / OVER_MS);
  }
}
