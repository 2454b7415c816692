/** Registers: the last message under a key, replaced by whoever has seen it. */
import type { Registers } from "../port.ts";
import { compareAndSet, isOf } from "./compare_and_set.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { checkedKey } from "./key.ts";
import { REGISTERS } from "./streams.ts";

export function createRegisters(connection: Connection, limitMs: number): Registers {
  const last = (subject: string) =>
    directGet(connection, REGISTERS, { last_by_subj: subject }, limitMs);
  return {
    async read(key) {
      const found = await last(subjectOf(key));
      if (found === null) return null;
      const value = JSON.parse(new TextDecoder().decode(found.data)) as unknown;
      return { value, revision: found.seq };
    },
    async write(key, value, expected) {
      const subject = subjectOf(key);
      const id = crypto.randomUUID();
      const seq = await compareAndSet(connection, { subject, value, expected, id }, limitMs);
      if (seq !== null) return seq;
      const found = await last(subject);
      return found !== null && isOf(found, id) ? found.seq : null;
    },
  };
}

const subjectOf = (key: string) => `registers.${checkedKey(key)}`;
