/**
 * A worker's hits on their way to the core. They wait in memory for the next batch; one request at a
 * time carries them on after its answer, and tries again while it may live. What it leaves, the next
 * request takes up.
 */
import type { CoreClient } from "./client.ts";
import type { WaitUntil } from "./follower.ts";
import type { Report } from "./report.ts";

export interface ReporterOptions {
  /** Reports handed over at a time. */
  maxBatch: number;
  /** How long the first of a batch waits for others, ms. */
  maxWaitMs: number;
  /** Letters of the reports held at the most, as they travel; later ones are lost. */
  maxHeldLength: number;
  /** Pause after a failure, ms: doubled each time. */
  retryMs: number;
  /** How long one request carries on, ms: less than the runtime lets it live. */
  lifeMs: number;
  /** ms UTC. */
  now: () => number;
}

export interface Reporter {
  /** Takes a report; false when there is no room. */
  add(report: Report): boolean;
  /** Sees to it that somebody carries on what waits. */
  tend(waitUntil: WaitUntil): void;
  held(): number;
}

interface Held {
  report: Report;
  length: number;
}

export function createReporter(
  core: Pick<CoreClient, "report">,
  { maxBatch, maxWaitMs, maxHeldLength, retryMs, lifeMs, now }: ReporterOptions,
): Reporter {
  let waiting: Held[] = [];
  /** Letters in them. */
  let length = 0;
  /** Until when somebody is at it: the runtime may end them without a word. */
  let tendedUntil = -Infinity;

  async function carryOn(): Promise<void> {
    const end = now() + lifeMs;
    tendedUntil = end + retryMs;
    let failures = 0;
    await pause(maxWaitMs);
    while (waiting.length > 0 && now() < end) {
      if (await handOver()) failures = 0;
      else await pause(Math.min(retryMs * 2 ** failures++, Math.max(0, end - now())));
    }
    tendedUntil = -Infinity;
  }

  /** The first batch stays where it is until the core has it. */
  async function handOver(): Promise<boolean> {
    const batch = waiting.slice(0, maxBatch);
    try {
      const results = await core.report(batch.map(({ report }) => report));
      const lost = batch.filter((_, i) => results[i] === "lost");
      waiting = lost.concat(waiting.slice(batch.length));
      length += lengthOf(lost) - lengthOf(batch);
      return lost.length < batch.length;
    } catch {
      return false;
    }
  }

  return {
    add(report) {
      const held = { report, length: JSON.stringify(report).length };
      if (length + held.length > maxHeldLength) return false;
      length += held.length;
      waiting.push(held);
      return true;
    },
    tend(waitUntil) {
      if (waiting.length > 0 && now() > tendedUntil) waitUntil(carryOn());
    },
    held: () => waiting.length,
  };
}

function lengthOf(held: readonly Held[]): number {
  return held.reduce((sum, { length }) => sum + length, 0);
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
