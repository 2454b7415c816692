/**
 * How much of a day's cap may have been sent by a moment. The day is spread over its 24 hours, so
 * that they add up to it exactly; an hour that allows more than a dozen is let go in slots of five
 * minutes. What an hour did not use is gone: no later hour may send more for it.
 */
import { DAY, HOUR, hourOf, SLOT, SLOTS, startOf } from "./time.ts";

/** Up to so many may leave at any moment of their hour, all at once too. */
const SMALL = 12;

/** The most that may be sent in the hour (0 to 23) of a day with this cap. */
export function hourCap(dayCap: number, hour: number): number {
  if (dayCap === Infinity) return Infinity;
  return Math.floor(dayCap * (hour + 1) / 24) - Math.floor(dayCap * hour / 24);
}

/** Of the hour that `at` falls into: how much may have been sent in it by then. */
export function releasedBy(dayCap: number, at: number): number {
  const cap = hourCap(dayCap, hourOf(at));
  if (cap <= SMALL || cap === Infinity) return cap;
  const slot = Math.floor(at % HOUR / SLOT);
  return Math.floor(cap * (slot + 1) / SLOTS);
}

/**
 * When the next one comes free, if all that was released by `at` has been sent: the start of a slot
 * or an hour. The day's cap is taken to go on tomorrow; null when it is nothing at all.
 */
export function nextRelease(dayCap: number, at: number): number | null {
  if (dayCap <= 0) return null;
  const released = releasedBy(dayCap, at);
  const hourEnds = startOf(at, HOUR) + HOUR;
  for (let slot = startOf(at, SLOT) + SLOT; slot < hourEnds; slot += SLOT) {
    if (releasedBy(dayCap, slot) > released) return slot;
  }
  for (let hour = hourEnds; hour <= startOf(at, DAY) + 2 * DAY; hour += HOUR) {
    if (releasedBy(dayCap, hour) > 0) return hour;
  }
  return null;
}
