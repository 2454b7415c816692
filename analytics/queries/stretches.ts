/** A range of time cut into what is counted by day, what by shorter slots, and the rest. Pure. */
import type { Range } from "./delivery.ts";
import { SLOTS } from "./keys.ts";

/** From `from` on and before `to`, ms UTC; of ranges without an end they are infinite. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Stretches {
  /** Whole days, and whole hours beside them. */
  days: Stretch[];
  hours: Stretch[];
  /** Pieces of hours at the ends. */
  pieces: Stretch[];
}

/** @param byDay whether days need not be told apart within */
export function stretches({ from = -Infinity, to = Infinity }: Range, byDay: boolean): Stretches {
  const hours = within({ from, to }, SLOTS.hour);
  if (hours === null) return { days: [], hours: [], pieces: [{ from, to }] };
  const pieces = beside({ from, to }, hours);
  const days = byDay ? within(hours, SLOTS.day) : null;
  if (days === null) return { days: [], hours: [hours], pieces };
  return { days: [days], hours: beside(hours, days), pieces };
}

/** Whole units within; null: none. */
function within({ from, to }: Stretch, unit: number): Stretch | null {
  const found = { from: Math.ceil(from / unit) * unit, to: Math.floor(to / unit) * unit };
  return found.from < found.to ? found : null;
}

function beside(outer: Stretch, inner: Stretch): Stretch[] {
  return [{ from: outer.from, to: inner.from }, { from: inner.to, to: outer.to }]
    .filter(({ from, to }) => from < to);
}
