/** One commit on the wire: a line of JSON for each event, in order. */
import {
  type Event,
  type NewEvent,
  read,
  typeOf,
  writeOut,
  type WrittenEvent,
} from "../../events/mod.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines of events, in order. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Where lines are written; larger from the first commit that needs it. */
let scratch = new Uint8Array(256 * 1024);
/** A text of all lines would be too long to be thrown away early: it would lie about in memory. */
const LINES_AT_A_TIME = 32;

/**
 * The lines of events, cut where they do not fit into `maxBytes`: nearly always one piece. One
 * buffer for all: a buffer for each line would cost more than the JSON in it.
 *
 * @throws {RangeError} when one event alone is too long
 */
export function encodeEvents(
  events: readonly (NewEvent | WrittenEvent)[],
  recorded: number,
  maxBytes: number,
): Lines[] {
  const bytes = encodeLines(events, recorded);
  if (bytes.length <= maxBytes) return [{ bytes, count: events.length }];
  if (events.length === 1) {
    throw new RangeError(`${typeOf(events[0]!)}: ${bytes.length} bytes are too many for one event`);
  }
  const half = events.length >> 1;
  return [
    ...encodeEvents(events.slice(0, half), recorded, maxBytes),
    ...encodeEvents(events.slice(half), recorded, maxBytes),
  ];
}

function encodeLines(events: readonly (NewEvent | WrittenEvent)[], recorded: number): Uint8Array {
  const start = `{"recorded":${recorded},`;
  const next = `\n${start}`;
  let at = 0;
  for (let from = 0; from < events.length; from += LINES_AT_A_TIME) {
    // Joined, which is quicker than added one to the other.
    const rests = events.slice(from, from + LINES_AT_A_TIME).map(afterBrace);
    const text = `${start}${rests.join(next)}\n`;
    const needed = at + 3 * text.length; // UTF-8 takes no more for a UTF-16 code unit.
    if (needed > scratch.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(scratch.subarray(0, at));
      scratch = larger;
    }
    at += encoder.encodeInto(text, scratch.subarray(at)).written;
  }
  return scratch.slice(0, at);
}

/** The JSON of an event, which more is put in front of. */
function afterBrace(event: NewEvent | WrittenEvent): string {
  return (typeof event === "string" ? event : writeOut(event)).slice(1);
}

/** All lines of a commit, older versions lifted to the current ones. */
export function decodeCommit(payload: Uint8Array): Event[] {
  const lines = decoder.decode(payload).split("\n");
  lines.pop();
  return lines.map((line) => read(JSON.parse(line)));
}
