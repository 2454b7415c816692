/** Events written out as JSON: what waits in memory so is a third as large, and quickly cleaned up. */
import type { NewEvent } from "./event.ts";

declare const written: unique symbol;
/** The JSON of a {@link NewEvent}. */
export type WrittenEvent = string & { readonly [written]: true };

export function writeOut(event: NewEvent): WrittenEvent {
  return JSON.stringify(event) as WrittenEvent;
}

/** Text that was a written event once, checked to be JSON still. @throws {SyntaxError} */
export function readWritten(text: string): WrittenEvent {
  JSON.parse(text);
  return text as WrittenEvent;
}

const FIRST = '{"type":"';

/** The type of an event, written out or not. */
export function typeOf(event: NewEvent | WrittenEvent): string {
  if (typeof event !== "string") return event.type;
  if (!event.startsWith(FIRST)) return JSON.parse(event).type;
  return event.slice(FIRST.length, event.indexOf('"', FIRST.length));
}
