/**
 * Pulls messages from a JetStream consumer, as many as there is room for. It ends by itself when the
 * consumer may be gone (broken connection, missed heartbeats, server's word): the caller looks after
 * the consumer and pulls anew.
 */
import { createInbox, type Msg } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { reply } from "./delivery.ts";
import { SERVER_BYTES } from "./limits.ts";

const SECOND_NS = 1_000_000_000;
/** A request lasts this long; the next one follows. */
const EXPIRES_S = 60;
/** The server gives a sign of life this often; after two without any it is taken to be gone. */
const HEARTBEAT_MS = 5_000;
/** Bytes of one request. Must be larger than any message. */
const REQUEST_BYTES = 4 * SERVER_BYTES;
/** The next one waits until no more than this lies here: of large messages many would fit by number. */
const LYING_BYTES = REQUEST_BYTES / 2;

/** How much a worker may hold. Outlives a broken pull, for what it holds goes on being held. */
export class Room {
  private taken = 0;
  private freed: () => void = () => {};

  constructor(readonly size: number) {}

  get free(): number {
    return this.size - this.taken;
  }
  take(): void {
    this.taken++;
  }
  give(): void {
    this.taken--;
    this.freed();
  }
  /** Calls back whenever something is given back. One listener: the pull under way. */
  whenFreed(callback: () => void): void {
    this.freed = callback;
  }
}

export interface PullOptions {
  stream: string;
  consumer: string;
  /** A place is taken for each message handed out; whoever finishes it gives it back. */
  room: Room;
  signal: AbortSignal | undefined;
}

/** Ends on `signal`, or when the pull was lost and what had arrived is handed out. */
export async function* pull(connection: Connection, options: PullOptions): AsyncGenerator<Msg> {
  const { room, signal } = options;
  const arrived: Msg[] = [];
  let lying = 0; // bytes of those
  let left = 0; // of the open request
  let ended = false;
  let over = false;
  let silent = 0; // heartbeats missed
  let wake: () => void = () => {};

  const end = () => {
    ended = true;
    wake();
  };
  const inbox = createInbox();
  const giveBack = (message: Msg) => {
    if (message.subject !== inbox) reply(connection, message, "-NAK");
  };
  const subscription = connection.nc.subscribe(inbox, {
    callback: (error, message) => {
      silent = 0;
      if (error !== null) return end();
      if (over) return giveBack(message);
      if (message.subject !== inbox) {
        left--;
        arrived.push(message);
        lying += message.data.length;
      } else {
        const fate = fateOf(message.headers?.code ?? 0, message.headers?.description ?? "");
        if (fate === "lost") return end();
        if (fate === "over") left = 0;
      }
      wake();
    },
  });
  const request = () => {
    const batch = room.free - arrived.length;
    // While there is something to hand out, a small request would only delay the next large one.
    const least = arrived.length > 0 ? room.size / 2 : 1;
    if (left > 0 || batch < least || lying > LYING_BYTES || ended) return;
    left = batch;
    silent = 0;
    connection.nc.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.consumer}`,
      JSON.stringify({
        batch,
        max_bytes: REQUEST_BYTES,
        expires: EXPIRES_S * SECOND_NS,
        idle_heartbeat: HEARTBEAT_MS * 1_000_000,
      }),
      { reply: inbox },
    );
  };
  const watchdog = setInterval(() => {
    if (left > 0 && ++silent > 2) end();
  }, HEARTBEAT_MS);
  const stopWatching = connection.onBreak(end);
  signal?.addEventListener("abort", end);
  room.whenFreed(request);

  try {
    while (!signal?.aborted) {
      const message = arrived.shift();
      if (message !== undefined) {
        lying -= message.data.length;
        room.take();
        request();
        yield message;
      } else if (ended) {
        return;
      } else {
        request();
        await new Promise<void>((resolve) => wake = resolve);
      }
    }
  } finally {
    room.whenFreed(() => {});
    signal?.removeEventListener("abort", end);
    stopWatching();
    clearInterval(watchdog);
    // What nobody took goes back at once, rather than when its time is up: also what is on its way.
    over = true;
    arrived.forEach(giveBack);
    subscription.drain().catch(() => {});
  }
}

/** What a status message means for the request under way (NATS ADR-37). */
function fateOf(code: number, description: string): "open" | "over" | "lost" {
  if (code === 100) return "open";
  if (code === 404 || code === 408) return "over";
  if (code === 409 && /max ?bytes|batch completed/i.test(description)) return "over";
  return "lost";
}
