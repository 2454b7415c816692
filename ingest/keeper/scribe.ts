/**
 * Writes decisions into the log, one by one, each only if nothing in the log speaks against it: the
 * family is appended to as it was last seen, and where somebody was faster, what they said is heard
 * first. So several nodes that see the same trouble record it once.
 */
import { type Event, type Family, familyOf, type NewEvent } from "@chappe/src/events";
import { type Commit, ConflictError, type EventLog, LogUnavailableError } from "@chappe/src/log";
import { DAY } from "@chappe/src/sending";
import { type Logger, messageOf } from "@chappe/src/runtime";
import { pause } from "../pause.ts";
import { type Precedents, SPOKEN } from "./precedents.ts";

const PAUSE_MS = 500;

export interface Scribe {
  /** A commit of the families in `SPOKEN`; those that were heard already say nothing new. */
  hear(commit: Commit): void;
  /** To be written when the log takes it. */
  record(fact: NewEvent): void;
  /** Resolves when nothing waits to be written, or `signal` is aborted. */
  idle(): Promise<void>;
}

/**
 * Resolves when it has heard what was decided lately.
 * @param written hears of each fact that is in the log
 * @throws {LogUnavailableError}
 */
export async function createScribe(
  { events, precedents, heard, overruled, written, now, logger, signal }: {
    events: Pick<EventLog, "read" | "lastSeq" | "appendExpecting">;
    precedents: Pick<Precedents, "overrule">;
    /** Hears of each fact that is not written. */
    overruled: (fact: NewEvent) => void;
    /** Hears of each event, of others and of its own, in the order of the log. */
    heard: (event: Event) => void;
    written: (fact: NewEvent) => void;
    now: () => number;
    logger: Logger;
    signal: AbortSignal;
  },
): Promise<Scribe> {
  /** The last commit heard. What waits is dropped at the end: it follows anew from the log. */
  const seqs = new Map<Family, number>();
  const waiting: NewEvent[] = [];
  let working = Promise.resolve();

  function listen({ family, seq, events }: Commit): void {
    for (const event of events) heard(event);
    seqs.set(family, Math.max(seq, seqs.get(family) ?? 0));
  }
  function hear(commit: Commit): void {
    if (commit.seq > (seqs.get(commit.family) ?? 0)) listen(commit);
  }

  async function write(fact: NewEvent): Promise<void> {
    const family = familyOf(fact.type);
    while (!signal.aborted) {
      if (precedents.overrule(fact)) return overruled(fact);
      try {
        const [position] = await events.appendExpecting([fact], seqs.get(family) ?? 0);
        heard({ ...fact, recorded: now() });
        seqs.set(family, position!.seq);
        written(fact);
        return;
      } catch (error) {
        if (error instanceof ConflictError) await catchUp(family);
        else if (error instanceof LogUnavailableError) await pause(PAUSE_MS, signal);
        else throw error;
      }
    }
  }

  async function catchUp(family: Family): Promise<void> {
    try {
      const after = seqs.get(family) ?? 0;
      for await (const commit of events.read({ families: [family], after, signal })) hear(commit);
    } catch (error) {
      if (!(error instanceof LogUnavailableError)) throw error;
      await pause(PAUSE_MS, signal);
    }
  }

  async function work(): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      const fact = waiting.shift()!;
      try {
        await write(fact);
      } catch (error) {
        logger.error("keeper.unwritten", { type: fact.type, error: messageOf(error) });
      }
    }
  }

  for (const family of SPOKEN) seqs.set(family, await events.lastSeq(family));
  for await (const commit of events.read({ families: SPOKEN, since: now() - DAY, signal })) {
    listen(commit);
  }
  return {
    hear,
    record(fact) {
      waiting.push(fact);
      if (waiting.length === 1) working = working.then(work);
    },
    idle: () => working,
  };
}
