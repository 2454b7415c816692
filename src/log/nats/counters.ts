/** Counters: JetStream adds up what is published to a subject (NATS ADR-49). */
import type { Counters } from "../port.ts";
import type { Connection } from "./connection.ts";
import { directGet } from "./direct.ts";
import { checkedKey } from "./key.ts";
import { publish } from "./publish.ts";
import { COUNTERS } from "./streams.ts";

export function createCounters(connection: Connection, limitMs: number): Counters {
  async function get(key: string): Promise<number> {
    const query = { last_by_subj: subjectOf(key) };
    const stored = await directGet(connection, COUNTERS, query, limitMs);
    if (stored === null) return 0;
    return Number((JSON.parse(new TextDecoder().decode(stored.data)) as { val: string }).val);
  }
  return {
    async add(key, amount) {
      if (!Number.isSafeInteger(amount)) throw new RangeError(`not a whole number: ${amount}`);
      const headers = {
        "Nats-Incr": `${amount < 0 ? "" : "+"}${amount}`,
        "Nats-Msg-Id": crypto.randomUUID(),
      };
      const { value } = await publish(connection, subjectOf(key), EMPTY, headers, limitMs);
      // The answer to a retry that was not needed tells no total.
      return value === null ? get(key) : Number(value);
    },
    get,
  };
}

const EMPTY = new Uint8Array();

const subjectOf = (key: string) => `counters.${checkedKey(key)}`;
