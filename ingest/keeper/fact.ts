/** Decisions as events of the platform's own. */
import { event, type EventData, type EventType, type NewEvent } from "@chappe/src/events";
import { PLATFORM } from "@chappe/src/settings";

/** @param at when it was decided, ms UTC: two nodes that decide the same from the same say the same */
export function platformEvent<T extends EventType>(
  { id, type, data }: { id: string; type: T; data: EventData<T> },
  at: number,
): NewEvent<T> {
  return event(type, { id, account: PLATFORM, at }, data);
}
