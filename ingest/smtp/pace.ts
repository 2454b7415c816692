/** Whether a session gets on, or only holds its place. Times are ms UTC. */

export interface Patience {
  /** Without a byte from the client, ms. RFC 5321 §4.5.3.2.7 asks for five minutes at least. */
  idle: number;
  /** Without a finished message, ms. */
  message: number;
  /** From connecting to a login or a transaction, ms; a minute. */
  stranger?: number;
  /** From the first byte of a command to its last, ms; a minute. */
  line?: number;
  /** During DATA: in each so many ms, a minute, `BYTES_PER_SECOND` on average. */
  window?: number;
}

const MINUTE = 60_000;

/** What a client has to bring during DATA; a modem of 1990 brings more. */
export const BYTES_PER_SECOND = 1024;

/** The shortest time that a patience knows: sessions are to be looked at as often at least. */
export function shortest({ message, ...others }: Patience): number {
  return Math.min(message, ...limitsOf(others));
}

function limitsOf(patience: Omit<Patience, "message" | "idle">): [number, number, number] {
  return [patience.stranger ?? MINUTE, patience.line ?? MINUTE, patience.window ?? MINUTE];
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
  /** When bytes of a command were first seen that is not complete. */
  #lineAt: number | null = null;
  #window: { at: number; bytes: number } | null = null;

  constructor(private readonly connectedAt: number) {
    this.repliedAt = this.#finishedAt = connectedAt;
  }

  replied(bytes: number, now: number): void {
    this.repliedAt = now;
    this.#repliedBytes = bytes;
    this.#lineAt = null;
  }

  /** Notes that a message has its reply. */
  finished(now: number): void {
    this.#finishedAt = now;
  }

  isTooSlow({ bytes, receiving, known }: Sight, patience: Patience, now: number): boolean {
    const [stranger, line, window] = limitsOf(patience);
    if (now - this.#finishedAt > patience.message) return true;
    if (receiving) return this.#dribbles(bytes, window, now);
    this.#window = null;
    if (!known && now - this.connectedAt > stranger) return true;
    if (bytes === this.#repliedBytes) this.#lineAt = null;
    else this.#lineAt ??= now;
    return this.#lineAt !== null && now - this.#lineAt > line;
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
