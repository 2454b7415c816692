/** What the log says of the past, for simulations and back-tests: attempts, and mail as it came. */
import type { EventLog } from "../log/mod.ts";
import { MINUTE, type PastAttempt, startOf } from "../sending/mod.ts";

type Log = Pick<EventLog, "read">;

const OUTCOMES = {
  "delivery.delivered": "delivered",
  "delivery.deferred": "deferred",
  "delivery.expired": "deferred",
  "delivery.bounced": "bounced",
} as const;

/** Attempts recorded since `since` (ms UTC), in the order of the log. */
export async function* pastAttempts(events: Log, since: number): AsyncGenerator<PastAttempt> {
  for await (const commit of events.read({ families: ["delivery"], since })) {
    for (const event of commit.events) {
      switch (event.type) {
        case "delivery.delivered":
        case "delivery.deferred":
        case "delivery.expired":
        case "delivery.bounced": {
          // One that came later (RFC 3464) is no attempt.
          if (event.type === "delivery.bounced" && event.data.mode === "async") continue;
          const { provider, address, pool, reply } = event.data;
          yield { at: event.at, provider, address, pool, reply, outcome: OUTCOMES[event.type] };
        }
      }
    }
  }
}

/**
 * Mail of an account since `since` (ms UTC), by minute and provider, each recipient one. Reads the
 * families `message` and `delivery` from there on: for an operator's questions, not for mail.
 */
export async function pastArrivals(
  events: Log,
  account: string,
  since: number,
): Promise<{ at: number; provider: string; count: number }[]> {
  const accepted = new Map<string, { at: number; providers: string[] }>();
  for await (const commit of events.read({ families: ["message", "delivery"], since })) {
    for (const event of commit.events) {
      if (event.account !== account || event.message === undefined) continue;
      if (event.type === "message.accepted") {
        const providers = Array(event.data.recipients.length).fill("");
        accepted.set(event.message, { at: event.at, providers });
      } else if ("provider" in event.data && event.data.provider !== null) {
        const message = accepted.get(event.message);
        if (message !== undefined) message.providers[event.rcpt ?? 0] = event.data.provider;
      }
    }
  }
  const minutes = new Map<string, { at: number; provider: string; count: number }>();
  for (const { at, providers } of accepted.values()) {
    const minute = startOf(at, MINUTE);
    for (const provider of providers) {
      const key = `${minute} ${provider}`;
      const found = minutes.get(key) ?? { at: minute, provider, count: 0 };
      found.count++;
      minutes.set(key, found);
    }
  }
  return [...minutes.values()];
}
