/** One commit on the wire: a line of JSON for each event, in order. */
import { type Event, type NewEvent, read } from "../../events/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The lines of events, each with its end; `recorded` stands first. They are views of one buffer: a
 * buffer for each line costs more than the JSON in it.
 */
export function encodeEvents(events: readonly NewEvent[], recorded: number): Uint8Array[] {
  let text = "";
  for (const event of events) text += `{"recorded":${recorded},${JSON.stringify(event).slice(1)}\n`;
  const bytes = encoder.encode(text);
  let start = 0;
  return events.map(() => {
    // JSON writes a line feed within a string as \n: a byte 10 is a line's end.
    const end = bytes.indexOf(10, start) + 1;
    const line = bytes.subarray(start, end);
    start = end;
    return line;
  });
}

/** All lines of a commit, older versions lifted to the current ones. */
export function decodeCommit(payload: Uint8Array): Event[] {
  const lines = decoder.decode(payload).split("\n");
  lines.pop();
  return lines.map((line) => read(JSON.parse(line)));
}
