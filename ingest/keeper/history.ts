/** Addresses as they stood: now, and at the beginning of each day on which something was said of one. */
import type { Event } from "@chappe/src/events";
import type { EventLog } from "@chappe/src/log";
import { DAY, evolveSending, NO_SENDING, type SendingState, startOf } from "@chappe/src/sending";

export interface History {
  readonly now: SendingState;
  /** Sequence of the last commit of family `address`; 0 when there is none. */
  readonly seq: number;
  /** As it stood when the UTC day that starts at `day` began. */
  at(day: number): SendingState;
}

/** @throws {LogUnavailableError} */
export async function readHistory(events: Pick<EventLog, "read">): Promise<History> {
  let now = NO_SENDING;
  let seq = 0;
  /** Days in order, and what stood before their first event. */
  const days: { day: number; before: SendingState }[] = [];

  function fold(event: Event): void {
    const next = evolveSending(now, event);
    if (next === now) return;
    const day = startOf(event.at, DAY);
    if (day > (days.at(-1)?.day ?? -1)) days.push({ day, before: now });
    now = next;
  }
  for await (const commit of events.read({ families: ["settings", "address"] })) {
    commit.events.forEach(fold);
    if (commit.family === "address") seq = commit.seq;
  }
  return {
    now,
    seq,
    at: (day) => days.find((each) => each.day >= day)?.before ?? now,
  };
}
