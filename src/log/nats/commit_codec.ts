/** One commit on the wire: a line of JSON for each event, in order. */
import { type Event, type NewEvent, read } from "../../events/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines of events, in order. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/**
 * The lines of events, cut where they do not fit into `maxBytes`: nearly always one piece. One
 * buffer for all: a buffer for each line would cost more than the JSON in it.
 *
 * @throws {RangeError} when one event alone is too long
 */
export function encodeEvents(
  events: readonly NewEvent[],
  recorded: number,
  maxBytes: number,
): Lines[] {
  let text = "";
  for (const event of events) text += `{"recorded":${recorded},${JSON.stringify(event).slice(1)}\n`;
  const bytes = encoder.encode(text);
  if (bytes.length <= maxBytes) return [{ bytes, count: events.length }];
  if (events.length === 1) {
    throw new RangeError(`${events[0]!.type}: ${bytes.length} bytes are too many for one event`);
  }
  const half = events.length >> 1;
  return [
    ...encodeEvents(events.slice(0, half), recorded, maxBytes),
    ...encodeEvents(events.slice(half), recorded, maxBytes),
  ];
}

/** All lines of a commit, older versions lifted to the current ones. */
export function decodeCommit(payload: Uint8Array): Event[] {
  const lines = decoder.decode(payload).split("\n");
  lines.pop();
  return lines.map((line) => read(JSON.parse(line)));
}
