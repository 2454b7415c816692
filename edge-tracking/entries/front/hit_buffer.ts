/** Hits of a moment, written out one behind the other, on their way to the recorder. */
import { familyOf, type Lines, LINES_BYTES, startOfLine } from "@chappe/src/events";
import { type Hit, LONGEST, writeHit } from "./hit_line.ts";
import { JsonWriter } from "./json_writer.ts";

export interface HitBufferOptions {
  /** Takes what has been written. */
  take: (lines: Lines) => void;
  /** Hits handed over at a time, at the most. */
  maxHits: number;
  /** How long the first of them waits for others, ms. */
  maxWaitMs: number;
}

export interface HitBuffer {
  write(hit: Hit): void;
  /** Hands over what there is. */
  flush(): void;
  /** Hits that wait. */
  held(): number;
}

const FAMILY = familyOf("engagement.opened");
const encoder = new TextEncoder();

export function createHitBuffer({ take, maxHits, maxWaitMs }: HitBufferOptions): HitBuffer {
  const line = new JsonWriter(new Uint8Array(LINES_BYTES));
  let start = new Uint8Array();
  let count = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(at: number): void {
    start = encoder.encode(startOfLine(at));
    timer = setTimeout(flush, maxWaitMs);
  }

  function flush(): void {
    if (count === 0) return;
    clearTimeout(timer);
    const lines = { family: FAMILY, count, bytes: line.since(0) };
    line.restart();
    count = 0;
    take(lines);
  }

  return {
    write(hit) {
      if (count === 0) begin(hit.at);
      line.raw(start);
      writeHit(line, hit);
      count++;
      if (count === maxHits || line.length > LINES_BYTES - LONGEST) flush();
    },
    flush,
    held: () => count,
  };
}
