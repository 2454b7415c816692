/** One commit on the wire: a line of JSON for each event, in order. */
import { type Event, type NewEvent, read } from "../../events/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** An event's line with its end. `recorded` stands first. */
export function encodeEvent(event: NewEvent, recorded: number): Uint8Array {
  return encoder.encode(`{"recorded":${recorded},${JSON.stringify(event).slice(1)}\n`);
}

/** All lines of a commit, older versions lifted to the current ones. */
export function decodeCommit(payload: Uint8Array): Event[] {
  const lines = decoder.decode(payload).split("\n");
  lines.pop();
  return lines.map((line) => read(JSON.parse(line)));
}
