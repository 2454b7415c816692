/**
 * Finds the `message.accepted` of a message by the time that stands in its id. What comes back about
 * a copy names message and recipient index only; the address stands in that event.
 */
import { type Event, timeOfId } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";

type Accepted = Event<"message.accepted">;

/**
 * The event by which the account's message was accepted; null when the log does not hold it.
 * @throws {LogUnavailableError}
 */
export type FindAccepted = (account: string, message: string) => Promise<Accepted | null>;

/** The id is made just before the event; storing a body may take a while, and clocks differ. */
const WITHIN_MS = 5 * 60_000;
/** Messages that one reading of the log may look for, by how far their ids lie apart, ms. */
const TOGETHER_MS = 60_000;
/** Recipients of the events remembered: reports come in swarms about the same mail. */
const REMEMBERED = 100_000;

interface Asked {
  readonly message: string;
  /** ms UTC. */
  readonly time: number;
  resolve(found: Accepted | null): void;
  reject(error: unknown): void;
}

/** One reading at a time, for all who ask about the same minute: many reports cost no more than one. */
export function createFindAccepted(events: Pick<EventLog, "read">): FindAccepted {
  const remembered = new Map<string, Accepted>();
  let recipients = 0;
  let waiting: Asked[] = [];
  let working = false;

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    while (waiting.length > 0) {
      const since = Math.min(...waiting.map(({ time }) => time));
      const asked = waiting.filter(({ time }) => time <= since + TOGETHER_MS);
      waiting = waiting.filter(({ time }) => time > since + TOGETHER_MS);
      try {
        const found = await read(new Set(asked.map(({ message }) => message)), since);
        for (const each of asked) each.resolve(found.get(each.message) ?? null);
      } catch (error) {
        for (const each of asked) each.reject(error);
      }
    }
    working = false;
  }

  async function read(wanted: Set<string>, since: number): Promise<Map<string, Accepted>> {
    const found = new Map<string, Accepted>();
    // The clock of the node that made the id may be ahead of the one that recorded the event.
    const from = Math.max(0, since - TOGETHER_MS);
    for await (const commit of events.read({ families: ["message"], since: from })) {
      if (commit.recorded > since + TOGETHER_MS + WITHIN_MS) break;
      for (const event of commit.events) {
        if (event.type !== "message.accepted" || !wanted.delete(event.message ?? "")) continue;
        found.set(event.message!, event);
        remember(event);
      }
      if (wanted.size === 0) break;
    }
    return found;
  }

  function remember(event: Accepted): void {
    remembered.set(event.message!, event);
    recipients += event.data.recipients.length;
    for (const oldest of remembered.values()) {
      if (recipients <= REMEMBERED) break;
      forget(oldest);
    }
  }

  function forget(event: Accepted): void {
    remembered.delete(event.message!);
    recipients -= event.data.recipients.length;
  }

  return async (account, message) => {
    let found = remembered.get(message) ?? null;
    if (found !== null) {
      forget(found);
      remember(found);
    } else {
      found = await new Promise<Accepted | null>((resolve, reject) => {
        waiting.push({ message, time: timeOfId(message), resolve, reject });
        // What arrives in the same turn is answered by the same reading.
        queueMicrotask(() => void work());
      });
    }
    return found?.account === account ? found : null;
  };
}
