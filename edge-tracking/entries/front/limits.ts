/** What clients may take of the front. */
export interface Limits {
  /** Open at once. One more, and the oldest that is not being answered is closed. */
  connections: number;
  /** How long a connection may wait for a request, ms. */
  idleMs: number;
  /** How long a request may take to come, ms. */
  readingMs: number;
  /** How long a client may take to read an answer, ms. */
  writingMs: number;
  /** How long the inner server may say nothing, ms. */
  thinkingMs: number;
  /** How long a client may leave unsaid that all has come, ms. */
  lingeringMs: number;
  /** How often it is looked who is over time, ms. */
  sweepMs: number;
}

/** A connection takes up to 10 KB of memory; one that is handed over, 40 KB. */
export const LIMITS: Limits = {
  connections: 4096,
  idleMs: 75_000,
  readingMs: 10_000,
  writingMs: 30_000,
  thinkingMs: 60_000,
  lingeringMs: 2_000,
  sweepMs: 1_000,
};
