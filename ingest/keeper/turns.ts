/** Going through much of the past without keeping a process from what it has to do meanwhile. */
import { pause } from "../pause.ts";

/** So many events in a row: some ten milliseconds of work. */
const EVENTS = 1_000;
/** Then others have their turn: past events take no more than about half of a core. */
const PAUSE_MS = 10;

export interface Turns {
  /** Call it after each bit of work; now and then it takes a while. */
  after(events: number): Promise<void>;
}

export function createTurns(signal: AbortSignal): Turns {
  let done = 0;
  return {
    async after(events) {
      done += events;
      if (done < EVENTS) return;
      done = 0;
      await pause(PAUSE_MS, signal);
    },
  };
}
