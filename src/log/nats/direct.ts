/** Reading single messages straight from a stream, without a consumer (NATS ADR-31). */
import type { MsgHdrs } from "@nats-io/nats-core";
import type { Connection } from "./connection.ts";
import { persevere } from "./persevere.ts";

export interface Stored {
  readonly seq: number;
  /** When the stream took it, ms UTC. */
  readonly at: number;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

export type DirectQuery =
  | { seq: number; next_by_subj?: string }
  | { last_by_subj: string };

/** Null when there is none. @throws {LogUnavailableError} after `limitMs` without an answer. */
export function directGet(
  connection: Connection,
  stream: string,
  query: DirectQuery,
  limitMs: number,
): Promise<Stored | null> {
  const payload = new TextEncoder().encode(JSON.stringify(query));
  return persevere(connection, limitMs, async (timeoutMs) => {
    const subject = `$JS.API.DIRECT.GET.${stream}`;
    const { headers, data } = await connection.request(subject, payload, { timeoutMs });
    if (headers?.code === 404) return null;
    const seq = Number(headers?.get("Nats-Sequence") || NaN);
    if (Number.isNaN(seq)) throw new Error(headers?.description ?? "no answer of a stream");
    return { seq, at: Date.parse(headers!.get("Nats-Time-Stamp")), data, headers };
  });
}
