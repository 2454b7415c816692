/** What deliveries and complaints say about addresses and providers, and what follows from it. */
import type { Event, NewEvent } from "@chappe/src/events";
import {
  createAutomation,
  type Judgement,
  judgementFact,
  measureFact,
  receivedOf,
  type Reputation,
  rulesOf,
  type SendingState,
} from "@chappe/src/sending";
import type { Departure } from "../delivered.ts";
import { platformEvent } from "./fact.ts";
import type { Tally } from "./tally.ts";
import { isTold, type Meant, meantFor, type Told } from "./told.ts";

export interface Observer {
  /** An attempt. @returns what is to be done */
  attempted(event: Event): NewEvent[];
  /** @param from where the copy left from. @returns what is to be done */
  told(event: Told, from: Departure): NewEvent[];
  /** Only counted. @param from where that is told apart */
  past(event: Event, from: Departure | null): void;
  /** What was decided, here or by others. */
  known(event: Event): void;
  /** The measure is not taken: what was last said of it holds, until `until`. */
  overruled(measure: NewEvent<"shaping.applied">, until: number): void;
}

export function createObserver(
  { state, reputation, tally }: {
    state: () => SendingState;
    reputation: Reputation;
    tally: Tally;
  },
): Observer {
  const automation = createAutomation({ rules: () => rulesOf(state()) });

  function count({ address, provider, what, attempt }: Meant, at: number): void {
    if (attempt) tally.sent(address, at);
    if (what !== null) reputation.count(address, provider, what, at);
  }

  function judge(address: string, provider: string, at: number): NewEvent[] {
    return reputation.judge(address, provider, at)
      .filter(mayFollow)
      .map((judgement) => {
        const pool = state().addresses.get(address)?.pool ?? "";
        return platformEvent(judgementFact(judgement, pool, at), at) as NewEvent;
      });
  }
  /** An address that the settings do not know, or that is retired, cannot be paused. */
  function mayFollow({ address, until }: Judgement): boolean {
    const source = state().addresses.get(address);
    return until === null || (source !== undefined && source.state.kind !== "retired");
  }

  return {
    attempted(event) {
      const facts: NewEvent[] = [];
      const { at } = event;
      const attempt = attemptOf(event);
      if (attempt !== null) {
        const measure = automation.observe(attempt);
        if (measure !== null) facts.push(platformEvent(measureFact(measure), at) as NewEvent);
      }
      const received = receivedOf(event);
      if (received === null) return facts;
      count(received, at);
      if (received.what === null || received.what === "delivered") return facts;
      return [...facts, ...judge(received.address, received.provider, at)];
    },
    told(event, from) {
      const meant = meantFor(event, from);
      if (meant === null) return [];
      count(meant, event.at);
      return judge(meant.address, meant.provider, event.at);
    },
    past(event, from) {
      const received = isTold(event) ? from && meantFor(event, from) : receivedOf(event);
      if (received !== null) count(received, event.at);
    },
    known(event) {
      const { at } = event;
      switch (event.type) {
        case "shaping.applied": {
          const { rule, provider, address, until } = event.data;
          automation.known(event.data);
          if (address !== null) reputation.known({ rule, provider, address, until }, at);
          break;
        }
        case "shaping.expired":
          // One that ran out is known to have: its time was said when it was taken.
          if (event.data.early) automation.known({ ...event.data, until: at });
          break;
        case "address.paused":
          reputation.known({ ...event.data, provider: null }, at);
          break;
        case "address.alerted":
          reputation.known({ ...event.data, until: null }, at);
      }
    },
    overruled: ({ data }, until) => automation.known({ ...data, until }),
  };
}

type Attempt = Parameters<ReturnType<typeof createAutomation>["observe"]>[0];

function attemptOf(event: Event): Attempt | null {
  switch (event.type) {
    case "delivery.delivered":
    case "delivery.deferred":
    case "delivery.expired":
    case "delivery.bounced": {
      if (isTold(event)) return null;
      const { address, pool, provider, reply } = event.data;
      return { at: event.at, address, pool, provider, reply };
    }
    default:
      return null;
  }
}
