/** What is told about a copy after it was delivered: a complaint, or a bounce by mail. */
import type { Event } from "@chappe/src/events";
import { type Received, receivedOf } from "@chappe/src/sending";
import type { CopyKey, Departure } from "../delivered.ts";

export type Told = Event<"feedback.complained"> | Event<"delivery.bounced">;

/** It names no source address: that stands where the copy was delivered. */
export function isTold(event: Event): event is Told {
  return event.type === "feedback.complained" ||
    (event.type === "delivery.bounced" && event.data.mode === "async");
}

/** The copy that it is about; null where it names none. */
export function copyOf({ account, message, rcpt }: Told): CopyKey | null {
  return message === undefined || rcpt === undefined ? null : { account, message, rcpt };
}

export interface Meant extends Omit<Received, "what"> {
  readonly what: Received["what"] | "complained";
}

/** What it says about the address that the copy left from; null where the system chose that. */
export function meantFor(event: Told, { address, provider }: Departure): Meant | null {
  if (address === null) return null;
  if (event.type === "feedback.complained") {
    return { address, provider, what: "complained", attempt: false };
  }
  return receivedOf({ ...event, data: { ...event.data, address, provider } });
}
