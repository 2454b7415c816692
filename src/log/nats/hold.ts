/** Jobs that a worker has from the server, each by itself or many in a pack, until they are done. */
import type { Msg } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { delivery } from "./delivery.ts";
import { withLuggage } from "./job_codec.ts";
import { unpack } from "./pack_writer.ts";

/** What stands behind a job. Of `done` and `back` one is called, once for each job. */
export interface Hold {
  keep(): void;
  /** It left for the worker's hands. */
  taken(): void;
  done(): void;
  /** It is to come again, after `delayMs`. */
  back(item: Item, delayMs: number): void;
}

export interface Item {
  readonly lane: string;
  /** As `jobText` makes it, with luggage or without. */
  readonly text: string;
  /** Ms UTC. */
  readonly enqueued: number;
  /** It may have been handed out before. */
  readonly again: boolean;
  readonly hold: Hold;
}

/** The text to lay an item aside by. */
export function asideText({ lane, text, enqueued, again }: Item): string {
  return withLuggage(text, { lane, at: enqueued, ...again ? { again } : {} });
}

/** A message of `jobs.<lane>`. Only its text is kept of it: it is a view of all that came with it. */
export function singleOf({ nc }: Connection, message: Msg, free: () => void): Item {
  const { count, at } = delivery(message);
  const answer = (text: string) => nc.isClosed() || nc.publish(message.reply!, text);
  return {
    lane: message.subject.slice("jobs.".length),
    text: new TextDecoder().decode(message.data),
    enqueued: at,
    again: count > 1,
    hold: {
      keep: () => void answer("+WPI"),
      taken: () => {},
      done() {
        answer("+ACK");
        free();
      },
      back(_, delayMs) {
        answer(`-NAK {"delay":${Math.round(delayMs * 1_000_000)}}`);
        free();
      },
    },
  };
}

/**
 * The jobs of a message of `parked.<lane>.<count>`.
 * @param free called when the last of them has gone to the worker
 * @param remove takes the message off the disk: before it is acked, for the consumer may forget that
 * @param lay lays a job aside anew
 */
export function packOf(
  { nc }: Connection,
  message: Msg,
  { free, remove, lay }: {
    free(): void;
    remove(seq: number): Promise<void>;
    lay(item: Item): Promise<void>;
  },
): Item[] {
  const { count, at, seq } = delivery(message);
  const { reply } = message;
  const lane = message.subject.split(".")[1]!;
  const texts = unpack(message.data);
  let left = texts.length;
  let here = texts.length;
  const hold: Hold = {
    keep: () => void (nc.isClosed() || nc.publish(reply!, "+WPI")),
    taken() {
      if (--here === 0) free();
    },
    done() {
      if (--left > 0) return;
      remove(seq).then(() => nc.isClosed() || nc.publish(reply!, "+ACK"), () => {});
    },
    // Where it cannot be laid aside the whole pack comes again, when its time is up.
    back: (item) => void lay(item).then(hold.done, () => {}),
  };
  return texts.map((text) => ({ lane, text, enqueued: at, again: count > 1, hold }));
}
