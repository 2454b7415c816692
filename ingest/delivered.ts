/**
 * Finds where a copy left from. What comes back about it, a complaint or a late bounce, names message
 * and recipient index only; the source address stands in its `delivery.delivered`.
 */
import { type Event, timeOfId } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { createLookBack, type Timed, TOGETHER_MS } from "./look_back.ts";

/** The way a copy took. */
export interface Departure {
  readonly account: string;
  /** Source address; null when the system chose. */
  readonly address: string | null;
  readonly pool: string;
  readonly provider: string;
}

/** A copy, by message and recipient index. */
export interface CopyKey {
  readonly account: string;
  readonly message: string;
  readonly rcpt: number;
}

/**
 * Null when the log does not say: it was not delivered, or so long after it was due that the search
 * was given up. @throws {LogUnavailableError}
 */
export type FindDelivered = (copy: CopyKey) => Promise<Departure | null>;

/** Events that one reading looks at, at the most: a second or two of work. */
const MOST_EVENTS = 200_000;
/** Attempts that a search follows, at the most: more than any policy of retries makes. */
const MOST_ATTEMPTS = 30;
/** Copies remembered: reports come in swarms about the same mail. */
const REMEMBERED = 10_000;

interface Question extends Timed {
  readonly copy: string;
}
type Answer =
  | { readonly kind: "left"; readonly departure: Departure }
  /** There is nothing to be found before then, ms UTC. */
  | { readonly kind: "later"; readonly at: number }
  | { readonly kind: "never" };

/** Reads from where the message was accepted, and leaps from one attempt to the next. */
export function createFindDelivered(
  events: Pick<EventLog, "read">,
  { mostEvents = MOST_EVENTS }: { mostEvents?: number } = {},
): FindDelivered {
  const remembered = new Map<string, Departure>();

  const ask = createLookBack<Question, Answer>(async (asked, since) => {
    const times = new Map(asked.map(({ copy, time }) => [copy, time]));
    const found = new Map<string, Answer>();
    const missing = new Set(times.keys());
    let seen = 0;
    // Clocks differ between the nodes that made the id, tried to deliver, and recorded it.
    const from = Math.max(0, since - TOGETHER_MS);
    for await (const commit of events.read({ families: ["delivery"], since: from })) {
      for (const event of commit.events) {
        const copy = `${event.message} ${event.rcpt}`;
        const time = times.get(copy);
        if (time === undefined || isFinal(found.get(copy))) continue;
        const answer = answerOf(event);
        if (answer === null || (answer.kind === "later" && answer.at <= time)) continue;
        found.set(copy, answer);
        if (event.type !== "delivery.held") missing.delete(copy);
      }
      seen += commit.events.length;
      if (missing.size === 0 || seen >= mostEvents) break;
    }
    return ({ copy }) => found.get(copy) ?? null;
  });

  async function search(message: string, copy: string): Promise<Departure | null> {
    let time = timeOfId(message);
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const answer = await ask({ copy, time });
      if (answer === null || answer.kind === "never") return null;
      if (answer.kind === "left") return answer.departure;
      time = answer.at;
    }
    return null;
  }

  return async (key) => {
    const copy = `${key.message} ${key.rcpt}`;
    const found = remembered.get(copy) ?? await search(key.message, copy);
    if (found === null) return null;
    remembered.delete(copy);
    remembered.set(copy, found);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
    return found.account === key.account ? found : null;
  };
}

/** A copy that is held may leave earlier than was said: what was found of it may be bettered. */
function isFinal(answer: Answer | undefined): boolean {
  return answer !== undefined && answer.kind !== "later";
}

/** What an event of the copy says about where to find its delivery; null where it says nothing. */
function answerOf(event: Event): Answer | null {
  switch (event.type) {
    case "delivery.delivered": {
      const { account, data: { address, pool, provider } } = event;
      return { kind: "left", departure: { account, address, pool, provider } };
    }
    case "delivery.deferred":
      return { kind: "later", at: event.data.nextAttemptAt };
    case "delivery.held":
      return { kind: "later", at: event.data.until };
    case "delivery.bounced":
      return event.data.mode === "sync" ? { kind: "never" } : null;
    case "delivery.expired":
    case "delivery.suppressed":
    case "delivery.cancelled":
      return { kind: "never" };
    default:
      return null;
  }
}
