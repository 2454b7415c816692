/**
 * Events written out as lines of JSON: what commits in the log are made of, and what waits for one in
 * less memory than the events themselves take.
 */
import type { Family } from "./catalogue.ts";
import { type Event, type NewEvent, read } from "./event.ts";

/** Lines of events of one family, in order. */
export interface Lines {
  readonly family: Family;
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** What each line begins with, in front of what {@link lineOf} gives. @param recorded ms UTC */
export const startOfLine = (recorded: number): string => `{"recorded":${recorded},`;

/** The rest of an event's line. */
export const lineOf = (event: NewEvent): string => `${JSON.stringify(event).slice(1)}\n`;

/** A piece of lines that the log is given is no longer, so that some fit into one commit. */
export const LINES_BYTES = 256 * 1024;
/** A text of all lines would be too long to be thrown away early: it would lie about in memory. */
const LINES_AT_A_TIME = 32;
/** Where lines are written; larger from the first events that need it. */
let scratch = new Uint8Array(256 * 1024);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * Events of one family as lines, cut where they do not fit into `maxBytes`: nearly always one piece.
 * One buffer for all: a buffer for each line would cost more than the JSON in it.
 * @param recorded when the log takes them, ms UTC
 * @throws {RangeError} when one event alone is too long
 */
export function writeLines(
  family: Family,
  events: readonly NewEvent[],
  recorded: number,
  maxBytes: number,
): Lines[] {
  const bytes = encode(events, recorded);
  if (bytes.length <= maxBytes) return [{ family, bytes, count: events.length }];
  if (events.length === 1) {
    const { type } = events[0]!;
    throw new RangeError(`${type}: ${bytes.length} bytes are too many for one event`);
  }
  const half = events.length >> 1;
  return [
    ...writeLines(family, events.slice(0, half), recorded, maxBytes),
    ...writeLines(family, events.slice(half), recorded, maxBytes),
  ];
}

function encode(events: readonly NewEvent[], recorded: number): Uint8Array {
  const start = startOfLine(recorded);
  let at = 0;
  for (let from = 0; from < events.length; from += LINES_AT_A_TIME) {
    // Joined, which is quicker than added one to the other.
    const text = start + events.slice(from, from + LINES_AT_A_TIME).map(lineOf).join(start);
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

/** The events of such lines, older versions lifted to the current ones. @throws when one is none */
export function readLines(bytes: Uint8Array): Event[] {
  const lines = decoder.decode(bytes).split("\n");
  lines.pop();
  return lines.map((line) => read(JSON.parse(line)));
}
