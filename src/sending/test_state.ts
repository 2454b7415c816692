/** For tests: states made of events, as the log would have them. */
import { type Event, event, type EventData, type EventType, uuidv7 } from "../events/mod.ts";
import { NO_SENDING, type SendingState } from "./model.ts";
import { evolveSending } from "./state.ts";

export function fact<T extends EventType>(
  type: T,
  data: EventData<T>,
  { account = "platform", at = 0 } = {},
): Event {
  return { ...event(type, { id: uuidv7(1), account, at }, data), recorded: at } as unknown as Event;
}

export function given(...facts: Event[]): SendingState {
  return facts.reduce(evolveSending, NO_SENDING);
}

/** An address in `pool`: warming on the day with that number from that date, or warm. */
export function address(
  ip: string,
  pool: string,
  warming: { day: number; date: string; calendar?: string } | null = null,
): Event {
  return fact("settings.address-added", {
    address: ip,
    ehlo: `out-${ip.replaceAll(/[.:]/g, "-")}.mta.example`,
    pool,
    calendar: warming?.calendar ?? "default",
    standing: warming === null
      ? { kind: "warm" }
      : { kind: "warming", day: warming.day, date: warming.date },
  });
}
