/**
 * Finds the `message.accepted` of a message by the time that stands in its id. What comes back about
 * a copy names message and recipient index only; the address stands in that event.
 */
import { type Event, timeOfId } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { createLookBack, type Timed, TOGETHER_MS } from "./look_back.ts";

type Accepted = Event<"message.accepted">;

/**
 * The event by which the account's message was accepted; null when the log does not hold it.
 * @throws {LogUnavailableError}
 */
export type FindAccepted = (account: string, message: string) => Promise<Accepted | null>;

/** The id is made just before the event; storing a body may take a while, and clocks differ. */
const WITHIN_MS = 5 * 60_000;
/** Recipients of the events remembered: reports come in swarms about the same mail. */
const REMEMBERED = 100_000;

interface Question extends Timed {
  readonly message: string;
}

/** Without what is told of recipients, which may be a hundred times as much and nobody asks for here. */
function lean(event: Accepted): Accepted {
  const recipients = event.data.recipients.map(({ address, kind }) => ({ address, kind }));
  return { ...event, data: { ...event.data, recipients } };
}

/** One reading at a time, for all who ask about the same minute: many reports cost no more than one. */
export function createFindAccepted(events: Pick<EventLog, "read">): FindAccepted {
  const remembered = new Map<string, Accepted>();
  let recipients = 0;

  const ask = createLookBack<Question, Accepted>(async (asked, since) => {
    const wanted = new Set(asked.map(({ message }) => message));
    const found = new Map<string, Accepted>();
    // The clock of the node that made the id may be ahead of the one that recorded the event.
    const from = Math.max(0, since - TOGETHER_MS);
    for await (const commit of events.read({ families: ["message"], since: from })) {
      if (commit.recorded > since + TOGETHER_MS + WITHIN_MS) break;
      for (const event of commit.events) {
        if (event.type !== "message.accepted" || !wanted.delete(event.message ?? "")) continue;
        const accepted = lean(event);
        found.set(event.message!, accepted);
        remember(accepted);
      }
      if (wanted.size === 0) break;
    }
    return ({ message }) => found.get(message) ?? null;
  });

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
      found = await ask({ message, time: timeOfId(message) });
    }
    return found?.account === account ? found : null;
  };
}
