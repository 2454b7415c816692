/** Whether a session gets on, or only holds its place. Times are ms UTC. */

export interface Patience {
  /** Without a byte from the client, ms. RFC 5321 §4.5.3.2.7 asks for five minutes at least. */
  idle: number;
  /** Without a finished message, ms. */
  message: number;
  /** From connecting to a login or a transaction, ms; a minute. */
  stranger?: number;
  /** With commands begun and not complete, between two messages in all, ms; 45 seconds. */
  line?: number;
  /** During DATA: in each so many ms, 45 seconds, `BYTES_PER_SECOND` on average. */
  window?: number;
}

/** Whoever dribbles through a whole transaction, commands and message, is cut within two minutes. */
const STRANGER_MS = 60_000;
const LINE_MS = 45_000;
const WINDOW_MS = 45_000;

/** What a client has to bring during DATA; a modem of 1990 brings more. */
export const BYTES_PER_SECOND = 1024;

/** The shortest time that a patience knows: sessions are to be looked at as often at least. */
export function shortest({ message, ...others }: Patience): number {
  return Math.min(message, ...limitsOf(others));
}

function limitsOf(patience: Omit<Patience, "message" | "idle">): [number, number, number] {
  const { stranger = STRANGER_MS, line = LINE_MS, window = WINDOW_MS } = patience;
  return [stranger, line, window];
}

/** What is seen of a session now. */
export interface Sight {
  /** Bytes that came in since it connected. */
  readonly bytes: number;
  /** Between DATA and its reply. */
  readonly receiving: boolean;
  /** Logged in, or within a transaction, now or before. */
  readonly known: boolean;
}

/** Where a session stands, from one look at it to the next. */
export class Pace {
  /** When it last got somewhere: connected, or got a reply. */
  repliedAt: number;
  #finishedAt: number;
  #repliedBytes = 0;
  /** How long commands have been begun and not complete since the last message, ms. */
  #begun = 0;
  #lookedAt: number;
  #window: { at: number; bytes: number } | null = null;

  constructor(private readonly connectedAt: number) {
    this.repliedAt = this.#finishedAt = this.#lookedAt = connectedAt;
  }

  replied(bytes: number, now: number): void {
    this.repliedAt = now;
    this.#repliedBytes = bytes;
  }

  /** Notes that a message has its reply. */
  finished(now: number): void {
    this.#finishedAt = now;
    this.#begun = 0;
  }

  isTooSlow({ bytes, receiving, known }: Sight, patience: Patience, now: number): boolean {
    const [stranger, line, window] = limitsOf(patience);
    const since = Math.max(this.#lookedAt, this.repliedAt);
    this.#lookedAt = now;
    if (now - this.#finishedAt > patience.message) return true;
    if (receiving) return this.#dribbles(bytes, window, now);
    this.#window = null;
    if (!known && now - this.connectedAt > stranger) return true;
    if (bytes !== this.#repliedBytes) this.#begun += now - since;
    return this.#begun > line;
  }

  #dribbles(bytes: number, window: number, now: number): boolean {
    this.#window ??= { at: now, bytes };
    const ms = now - this.#window.at;
    if (ms < window) return false;
    const enough = bytes - this.#window.bytes >= (BYTES_PER_SECOND * ms) / 1000;
    this.#window = { at: now, bytes };
    return !enough;
  }
}
