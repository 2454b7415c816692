/** What a consumer says of a message it hands out, and what it is told back (NATS ADR-15). */
import type { Msg } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";

export interface Delivery {
  readonly seq: number;
  readonly consumerSeq: number;
  /** 1 for the first time. */
  readonly count: number;
  /** When the stream took it, ms UTC. */
  readonly at: number;
}

/**
 * From the reply subject: `$JS.ACK.<stream>.<consumer>.<count>.<seq>.<consumer seq>.<ns>.<pending>`, where newer servers put
 * a domain and an account before the stream and a token after the rest.
 */
export function delivery(message: Msg): Delivery {
  const tokens = (message.reply ?? "").split(".");
  const at = tokens.length === 9 ? 4 : 6;
  if (tokens.length < 9 || tokens[1] !== "ACK") {
    throw new TypeError(`not from a consumer: ${message.reply}`);
  }
  return {
    count: Number(tokens[at]),
    seq: Number(tokens[at + 1]),
    consumerSeq: Number(tokens[at + 2]),
    at: Math.floor(Number(tokens[at + 3]) / 1_000_000),
  };
}

/** Tells the consumer what became of the message; says nothing on a closed connection. */
export function reply(
  { nc }: Connection,
  message: Msg,
  answer: "+ACK" | "+WPI" | "+TERM" | `-NAK${string}`,
): void {
  if (!nc.isClosed()) message.respond(answer);
}
