/** For tests: every hit once, as events have it. */
import { timeOfId } from "@chappe/src/events";
import type { Event } from "@chappe/src/events";
import { type Client, clientOf } from "../load/classify/mod.ts";
import { isMachine } from "./naive.ts";

export interface NaiveHit {
  account: string;
  message: string;
  /** The copy it is on. */
  copy: string;
  campaign: string;
  at: number;
  kind: "open" | "click";
  machine: boolean;
  link: number;
  url: string;
  /** ms since the copy was sent. */
  since: number;
  client: Client;
}

export function naiveHits(events: readonly Event[]): NaiveHit[] {
  const all = new Map<string, NaiveHit>();
  for (const event of events) {
    if (event.type !== "engagement.opened" && event.type !== "engagement.clicked") continue;
    const { id, account, at, data } = event;
    const message = event.message!;
    const click = event.type === "engagement.clicked" ? event.data : null;
    all.set(id, {
      account,
      message,
      copy: `${message} ${event.rcpt}`,
      campaign: event.campaign ?? "",
      at,
      kind: click === null ? "open" : "click",
      machine: isMachine(event),
      link: click?.link ?? -1,
      url: click?.url ?? "",
      since: data.sinceSent ?? at - timeOfId(message),
      client: clientOf(data.userAgent, data.hints),
    });
  }
  return [...all.values()];
}
