/** The sandbox's mailbox: one message of the stream for each mail, the oldest thrown away first. */
import type { BodyStore, Mailbox } from "../port.ts";
import type { Connection } from "./connection.ts";
import { concat } from "./bytes.ts";
import { directGet, type Stored } from "./direct.ts";
import { PACK_BYTES } from "./limits.ts";
import { publish } from "./publish.ts";
import { MAILBOX } from "./streams.ts";

/** How many are asked for at once when listing. */
const AT_ONCE = 64;

/** First line of the message; the raw mail follows, unless it is so large that it lies in `body`. */
interface Head {
  headers: Record<string, string>;
  body?: string;
}

export function createMailbox(
  connection: Connection,
  bodies: BodyStore,
  limitMs: number,
): Mailbox {
  const at = async (seq: number) => await directGet(connection, MAILBOX, { seq }, limitMs);
  return {
    async put({ headers, raw }) {
      const whole = encode({ headers }, raw);
      const payload = whole.length <= PACK_BYTES
        ? whole
        : encode({ headers, body: await bodies.put(raw) }, new Uint8Array());
      const id = { "Nats-Msg-Id": crypto.randomUUID() };
      await publish(connection, "mailbox", payload, id, limitMs);
    },
    async list(limit) {
      const last = await directGet(connection, MAILBOX, { last_by_subj: "mailbox" }, limitMs);
      const found: Stored[] = last === null ? [] : [last];
      for (let seq = (last?.seq ?? 0) - 1; seq > 0 && found.length < limit;) {
        const count = Math.min(AT_ONCE, seq, limit - found.length);
        const some = await Promise.all(Array.from({ length: count }, (_, i) => at(seq - i)));
        const there = some.filter((stored) => stored !== null);
        if (there.length === 0) break;
        found.push(...there);
        seq -= count;
      }
      return found.slice(0, limit).map((stored) => ({
        seq: stored.seq,
        at: stored.at,
        headers: decode(stored.data).head.headers,
      }));
    },
    async get(seq) {
      if (!Number.isSafeInteger(seq) || seq < 1) return null;
      const stored = await at(seq);
      if (stored === null) return null;
      const { head, raw } = decode(stored.data);
      return {
        at: stored.at,
        headers: head.headers,
        raw: head.body === undefined ? raw : await bodies.get(head.body),
      };
    },
  };
}

function encode(head: Head, raw: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(JSON.stringify(head) + "\n"), raw]);
}

function decode(payload: Uint8Array): { head: Head; raw: Uint8Array } {
  const end = payload.indexOf(10);
  const head = JSON.parse(new TextDecoder().decode(payload.subarray(0, end))) as Head;
  return { head, raw: Uint8Array.from(payload.subarray(end + 1)) };
}
