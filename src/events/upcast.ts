/**
 * Lifts events written by older versions to the current shape. The log is never rewritten; each
 * change of a shape raises `v` in the catalogue, adds one step here, and leaves a golden fixture of
 * the old version behind in `fixtures/`.
 */
import type { Event } from "./event.ts";

type Step = (data: Record<string, unknown>) => Record<string, unknown>;

/** `"<type>@<from version>"` → the step to the next version. */
const STEPS: Readonly<Record<string, Step>> = {};

export function upcast(stored: Event, steps: Readonly<Record<string, Step>> = STEPS): Event {
  let current = stored;
  for (
    let step = steps[`${current.type}@${current.v}`];
    step !== undefined;
    step = steps[`${current.type}@${current.v}`]
  ) {
    const data = step(current.data as unknown as Record<string, unknown>);
    current = { ...current, v: current.v + 1, data } as unknown as Event;
  }
  return current;
}
