/** Memos: one message of a stream for each key, written where the server finds what was expected. */
import { createHash } from "node:crypto";
import type { Memo, Memos } from "../port.ts";
import { compareAndSet, isOf } from "./compare_and_set.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { persevere } from "./persevere.ts";
import { MEMOS } from "./streams.ts";

export function createMemos(connection: Connection, limitMs: number): Memos {
  const write = (subject: string, value: unknown, expected: number, id: string) =>
    compareAndSet(connection, { subject, value, expected, id }, limitMs);
  const read = (subject: string, withinMs = limitMs) =>
    directGet(connection, MEMOS, { last_by_subj: subject }, withinMs);

  return {
    async putIfAbsent(key, value) {
      const subject = subjectOf(key);
      const id = crypto.randomUUID();
      if (await write(subject, value, 0, id) !== null) return null;
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
      if (await write(subject, value, revision, id) !== null) return true;
      const last = await read(subject);
      return last !== null && isOf(last, id);
    },
  };
}

/** Keys may hold what no subject may. */
const subjectOf = (key: string) => `memos.${createHash("sha256").update(key).digest("hex")}`;
