/**
 * A durable consumer for each lane: what one lane has too much stays in the stream, unread and
 * without a claim, and whoever works on others is not held up by it.
 */
import type { ConsumerInfo, JetStreamManager } from "@nats-io/jetstream";
import { QUEUE } from "./streams.ts";

const JOBS = "jobs.*";
const WORKERS = "workers-";
/** Claimed or given back for a while in one lane, by all workers together. */
const MAX_CLAIMED = 20_000;

/** The consumer that hands out a lane. */
export function laneConsumer(lane: string, ackWaitMs: number) {
  return {
    durable_name: `${WORKERS}${lane}`,
    filter_subjects: [subjectOf(lane)],
    ack_policy: "explicit" as const,
    ack_wait: ackWaitMs * 1_000_000,
    max_ack_pending: MAX_CLAIMED,
  };
}

export function subjectOf(lane: string): string {
  return `jobs.${lane}`;
}

export function laneOf(subject: string): string {
  return subject.slice("jobs.".length);
}

/** What stands in the stream: jobs by lane, done or not; and what is no job, which is timers. */
export async function contents(
  jsm: JetStreamManager,
): Promise<{ lanes: Map<string, number>; timers: number }> {
  const { state } = await jsm.streams.info(QUEUE, { subjects_filter: JOBS });
  const lanes = new Map(
    Object.entries(state.subjects ?? {}).map(([subject, count]) => [laneOf(subject), count]),
  );
  const jobs = [...lanes.values()].reduce((sum, count) => sum + count, 0);
  // There may be too many timers to list them. Both figures move on meanwhile.
  return { lanes, timers: Math.max(0, state.messages - jobs) };
}

/** What the consumers of all lanes say of themselves, by lane. */
export async function laneStates(jsm: JetStreamManager): Promise<Map<string, ConsumerInfo>> {
  const states = new Map<string, ConsumerInfo>();
  for await (const info of jsm.consumers.list(QUEUE)) {
    if (info.name.startsWith(WORKERS)) states.set(info.name.slice(WORKERS.length), info);
  }
  return states;
}
