/**
 * The log as every part sees it: events, bodies, work queue, timers, counters, memos and registers. One
 * adapter (NATS JetStream) stands behind it; `test/contract` holds what it promises.
 */
import type { Event, Family, Lines, NewEvent } from "../events/mod.ts";

/** Where an event stands: the sequence of its commit in the log, and its place in that commit. */
export interface Position {
  readonly seq: number;
  readonly index: number;
}

/** Events that became durable together, in order. */
export interface Commit {
  readonly seq: number;
  readonly family: Family;
  /** When the log took it, ms UTC. */
  readonly recorded: number;
  readonly events: readonly Event[];
}

/** The log cannot take or give anything now; nothing was acknowledged. Callers answer "try again later". */
export class LogUnavailableError extends Error {
  override name = "LogUnavailableError";
}
/** The log is full (`discard: new`): nothing is thrown away to make room. */
export class LogFullError extends LogUnavailableError {
  override name = "LogFullError";
}
/** Somebody else appended to the family first (expected sequence). Read again and decide anew. */
export class ConflictError extends Error {
  override name = "ConflictError";
}
/** No such body, or older than the bodies are kept. */
export class BodyGoneError extends Error {
  override name = "BodyGoneError";
}

export interface EventLog {
  /**
   * Appends events of one or more families; resolves when they are fsynced. Events appended while
   * a commit is under way travel in the next one (group commit); those of one call and family stay
   * together and in order. The same ids appended again are harmless to readers, who fold by id.
   *
   * @throws {LogUnavailableError} when no acknowledgement came within the adapter's time limit.
   */
  append(events: readonly NewEvent[]): Promise<Position[]>;

  /** The same, of events that are written out already; a piece is no longer than LINES_BYTES (events/written). */
  appendLines(pieces: readonly Lines[]): Promise<void>;

  /**
   * Appends events of one family as one commit if the family's last commit is still `expected`
   * (0 for an empty family). @throws {ConflictError} when it is not.
   */
  appendExpecting(events: readonly NewEvent[], expected: number): Promise<Position[]>;

  /**
   * Reads commits in order from the commit after `after` (0: from the start). Ends at what was
   * last when it began, unless `follow` is set: then it waits for more until `signal` aborts.
   */
  read(options: {
    families?: readonly Family[];
    after?: number;
    /** Start at the first commit recorded at or after this time instead (ms UTC). */
    since?: number;
    follow?: boolean;
    signal?: AbortSignal;
  }): AsyncIterable<Commit>;

  /** The commit of that sequence; null when there is none. @throws {LogUnavailableError} */
  at(seq: number): Promise<Commit | null>;

  /**
   * Shares the commits of `families` among all subscribers of the same name, each at least once
   * and, after a crash, from the first unacknowledged one.
   */
  subscribe(options: {
    name: string;
    families: readonly Family[];
    /** Commits handed out and not yet acked, at the most. */
    maxInFlight: number;
    signal: AbortSignal;
  }): AsyncIterable<Commit & { ack(): void }>;

  /** Sequence of the last commit (of one family, or of all); 0 when there is none. */
  lastSeq(family?: Family): Promise<number>;
}

/** Raw messages and other large blobs, kept for a limited time (30 days by default). */
export interface BodyStore {
  /** Resolves with an opaque reference when the bytes are fsynced. @throws {LogUnavailableError} */
  put(bytes: Uint8Array): Promise<string>;
  /** @throws {BodyGoneError} @throws {LogUnavailableError} */
  get(reference: string): Promise<Uint8Array>;
  /**
   * The bytes from `start` up to `end`, piece by piece: however many they are, few are held.
   * @throws {BodyGoneError} @throws {LogUnavailableError}
   */
  read(reference: string, start: number, end: number): AsyncIterable<Uint8Array>;
}

/** A piece of work, done by exactly one worker at a time. `T` is JSON. */
export interface Job<T> {
  /** Idempotency key: enqueuing the same id again within two minutes does nothing. */
  readonly id: string;
  /** Groups jobs that go to the same provider: `[a-z0-9_-]+`. Few: each costs the log a consumer. */
  readonly lane: string;
  readonly data: T;
}

/** A job in a worker's hands. It comes back to another worker if it is neither acked nor kept in time. */
export interface Claim<T> extends Job<T> {
  /** When it entered the queue, ms UTC. */
  readonly enqueued: number;
  /**
   * True when it was handed out before: its effect may already have happened. After a crash of the
   * log itself, false also for some that were handed out, or even acked, in its last moments.
   */
  readonly redelivered: boolean;
  /** Done: removes it from the queue. */
  ack(): void;
  /** Still at it: call more often than the claim time (60 s). */
  keep(): void;
  /**
   * Gives it back, to be handed out again after `delayMs`. For shutdown and short pauses only.
   * @param asNew nothing was done to it: when it comes to this worker next, it is not `redelivered`
   */
  release(delayMs?: number, asNew?: boolean): void;
}

export interface Queue {
  /** Resolves when all are fsynced. @throws {LogUnavailableError} */
  enqueue(jobs: readonly Job<unknown>[]): Promise<void>;
  /**
   * Puts a job into the queue at `at` (ms UTC), surviving restarts. Where one of its id waits for its
   * time, at least a minute from now, it takes its place. @throws {LogUnavailableError}
   */
  schedule(job: Job<unknown>, at: number): Promise<void>;
  /**
   * Hands out jobs until `signal` aborts; at most `maxInFlight` unacked ones per worker. Lanes take
   * turns, and none holds more than it leaves free for others: a lane alone has half, two a third
   * each. What a lane has beyond that stays in the queue and holds up nobody else.
   */
  claim<T>(options: { maxInFlight: number; signal: AbortSignal }): AsyncIterable<Claim<T>>;
  depth(): Promise<{ waiting: number; claimed: number; scheduled: number }>;
}

/** Counters that never lose an increment, shared by all nodes. Slow (an fsync each): take in chunks. */
export interface Counters {
  /** Adds and gives the new total. `key`: `[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*`. @throws {LogUnavailableError} */
  add(key: string, amount: number): Promise<number>;
  get(key: string): Promise<number>;
}

/** A memo as it stands. */
export interface Memo {
  /** JSON. */
  readonly value: unknown;
  /** When the log took this value, ms UTC. */
  readonly at: number;
  /** Changes with each value. */
  readonly revision: number;
}

/**
 * Small notes of JSON under keys of any text, shared by all nodes and forgotten after two days:
 * which of several was first.
 */
export interface Memos {
  /**
   * Notes `value`, fsynced, where nothing stands under `key`. Of several at once one succeeds.
   * @returns null when it was noted, otherwise what stands there.
   * @throws {LogUnavailableError}
   */
  putIfAbsent(key: string, value: unknown): Promise<Memo | null>;
  /**
   * Replaces the value, if it is still the one of `revision`.
   * @returns whether it was. @throws {LogUnavailableError}
   */
  replace(key: string, value: unknown, revision: number): Promise<boolean>;
}

/** What stands in a register. */
export interface Registered {
  /** JSON. */
  readonly value: unknown;
  /** Changes with each value. */
  readonly revision: number;
}

/**
 * Small values of JSON that several nodes change in turn, by compare-and-set; forgotten 40 days after
 * the last change. An fsync each. `key` as of {@link Counters}.
 */
export interface Registers {
  /** Null where nothing was ever written. @throws {LogUnavailableError} */
  read(key: string): Promise<Registered | null>;
  /**
   * Writes `value`, fsynced, if what stands there is still that of `revision` (0: nothing).
   * @returns its revision; null when it was not, and in rare cases of a lost answer when it was.
   * @throws {LogUnavailableError} it may have been written, or may yet be for a moment
   */
  write(key: string, value: unknown, revision: number): Promise<number | null>;
}

/** Small rolling store for what the sandbox's receiving server took in; oldest thrown away first. */
export interface Mailbox {
  put(mail: { headers: Record<string, string>; raw: Uint8Array }): Promise<void>;
  /** Newest first. */
  list(limit: number): Promise<{ seq: number; at: number; headers: Record<string, string> }[]>;
  get(
    seq: number,
  ): Promise<{ at: number; headers: Record<string, string>; raw: Uint8Array } | null>;
}

/** Question and answer between the processes of one platform, without memory (metrics, health). */
export interface Party {
  /** Asks every process; collects answers until `timeoutMs`. */
  ask(subject: string, timeoutMs: number): Promise<unknown[]>;
  /** @param reply gives JSON; must not throw */
  answer(subject: string, reply: () => unknown | Promise<unknown>): void;
}

export interface Station {
  readonly events: EventLog;
  readonly bodies: BodyStore;
  readonly queue: Queue;
  readonly counters: Counters;
  readonly memos: Memos;
  readonly registers: Registers;
  readonly mailbox: Mailbox;
  readonly party: Party;
  /** Whether the connection stands now. */
  connected(): boolean;
  /** Bytes kept and last sequence per stream, for metrics. */
  usage(): Promise<Record<string, { messages: number; bytes: number; lastSeq: number }>>;
  /** Lets appends under way finish, then disconnects. */
  close(): Promise<void>;
}
