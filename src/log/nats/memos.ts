/** Memos: one message of a stream for each key, written where the server finds what was expected. */
import { createHash } from "node:crypto";
import { ConflictError, type Memo, type Memos } from "../port.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { PACK_BYTES } from "./limits.ts";
import { persevere } from "./persevere.ts";
import { publish } from "./publish.ts";
import { MEMOS } from "./streams.ts";

export function createMemos(connection: Connection, limitMs: number): Memos {
  /** Whether it was written: only where the subject's last sequence is `expected` (0: none). */
  async function write(subject: string, value: unknown, expected: number, id: string) {
    const payload = new TextEncoder().encode(JSON.stringify(value));
    if (payload.length > PACK_BYTES) throw new RangeError(`a memo of ${payload.length} bytes`);
    const headers = {
      "Nats-Msg-Id": id,
      "Nats-Expected-Last-Subject-Sequence": String(expected),
    };
    try {
      await publish(connection, subject, payload, headers, limitMs);
      return true;
    } catch (error) {
      if (error instanceof ConflictError) return false;
      throw error;
    }
  }

  const read = (subject: string, withinMs = limitMs) =>
    directGet(connection, MEMOS, { last_by_subj: subject }, withinMs);

  return {
    async putIfAbsent(key, value) {
      const subject = subjectOf(key);
      const id = crypto.randomUUID();
      if (await write(subject, value, 0, id)) return null;
      const found = await persevere(connection, limitMs, async (timeoutMs) => {
        const last = await read(subject, timeoutMs);
        if (last !== null) return last;
        // Another server of the cluster may answer, which does not have it yet.
        throw new Error("a memo is not to be seen yet");
      });
      if (isOf(found, id)) return null;
      const noted = JSON.parse(new TextDecoder().decode(found.data)) as unknown;
      return { value: noted, at: found.at, revision: found.seq } satisfies Memo;
    },
    async replace(key, value, revision) {
      const subject = subjectOf(key);
      const id = crypto.randomUUID();
      if (await write(subject, value, revision, id)) return true;
      const last = await read(subject);
      return last !== null && isOf(last, id);
    },
  };
}

/** A retry finds the sequence moved on by its own first try, whose answer was lost. */
const isOf = ({ headers }: { headers: { get(name: string): string } | undefined }, id: string) =>
  headers?.get("Nats-Msg-Id") === id;

/** Keys may hold what no subject may. */
const subjectOf = (key: string) => `memos.${createHash("sha256").update(key).digest("hex")}`;
