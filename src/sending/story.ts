/** Tells what became of one copy, event by event, and why: why that address, why that moment. */
import type { EventData, EventType, Reply, Why } from "../events/mod.ts";
import { tellWhy } from "./words.ts";

type Told = {
  [T in EventType]: { readonly type: T; readonly at: number; readonly data: EventData<T> };
}[EventType];

/** Sentences; none for an event that says nothing about where or when a copy was sent. */
export function tellEvent(event: Told): string[] {
  switch (event.type) {
    case "message.accepted":
      return ["Accepted: it is in the log, and waits to be sent."];
    case "delivery.held": {
      const { until, why, provider } = event.data;
      return [`Held back for ${provider}, until ${time(until)} at the latest.`, ...tellWhy(why)];
    }
    case "delivery.delivered":
      return [`${attempt(event.data)}: taken. ${told(event.data.reply)}`, ...reasons(event.data)];
    case "delivery.deferred": {
      const { nextAttemptAt, class: about } = event.data;
      const next = `Put off (${about}); the next attempt is due at ${time(nextAttemptAt)}.`;
      return [
        `${attempt(event.data)}: not now. ${answer(event.data)}`,
        next,
        ...reasons(event.data),
      ];
    }
    case "delivery.bounced": {
      const { kind, mode, class: about } = event.data;
      const failed = mode === "async"
        ? "A bounce came back later"
        : `${attempt(event.data)}: refused for good`;
      return [
        `${failed} (${about}, ${kind}). ${answer(event.data)}`,
        ...mode === "async" ? [] : reasons(event.data),
      ];
    }
    case "delivery.expired":
      return [
        `${attempt(event.data)}: given up after the last one. ${answer(event.data)}`,
        ...reasons(event.data),
      ];
    case "delivery.suppressed":
      return [`Not sent: on the account's suppression list (${event.data.reason}).`];
    case "delivery.cancelled":
      return [`Not sent: cancelled by ${event.data.by} (${event.data.reason}).`];
    default:
      return [];
  }
}

interface Route {
  readonly attempt: number;
  readonly address: string | null;
  readonly pool: string;
  readonly provider: string;
  readonly mx: string | null;
  readonly why: Why;
}

function attempt({ attempt, address, pool, provider, mx }: Route): string {
  const from = address === null ? "an address of the system's choice" : address;
  const to = mx === null ? provider : mx === provider ? mx : `${mx} (${provider})`;
  return `Attempt ${attempt} from ${from} (pool ${pool}) to ${to}`;
}

function reasons({ why }: Route): string[] {
  return tellWhy(why);
}

function answer({ reply, error }: { reply: Reply | null; error: string | null }): string {
  return reply === null ? `No server answered: ${error ?? "no reason is known"}.` : told(reply);
}

function told({ code, enhanced, text }: Reply): string {
  return `The server said: ${[code, enhanced, text].filter((part) => part !== null).join(" ")}`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
