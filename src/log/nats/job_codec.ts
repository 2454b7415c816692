/** Jobs on the wire: the lane stands in the subject, id and data in the payload. */
import { hash } from "node:crypto";
import type { Job } from "../port.ts";
import type { Outgoing } from "./batch.ts";
import { laneOf, subjectOf } from "./lane_consumers.ts";

const LANE = /^[a-z0-9_-]+$/;
/** Characters of 6 bits: chance does not give two jobs the same name. */
const NAME_LENGTH = 16;
/** Longer than a message is tried to be published. */
const SOON_MS = 60_000;

/** A message that is in the queue at once. @throws {RangeError} on a lane that is none. */
export function encodeJob(job: Job<unknown>): Outgoing {
  return {
    subject: subjectOf(checkedLane(job)),
    payload: new TextEncoder().encode(JSON.stringify({ id: job.id, data: job.data })),
    headers: { "Nats-Msg-Id": nameOf(job) },
  };
}

/**
 * A message that JetStream puts into the queue at `at` (NATS ADR-51): one subject for each timer, so that
 * the same again takes its place. Where it might have come due by then, its id lets it in once; where
 * it cannot, the server need not remember the id.
 */
export function encodeTimer(job: Job<unknown>, at: number, now: number): Outgoing {
  const { subject, payload, headers } = encodeJob(job);
  return {
    subject: `timers.${nameOf(job)}`,
    payload,
    headers: {
      ...at - now < SOON_MS ? headers : {},
      "Nats-Schedule": `@at ${new Date(at).toISOString()}`,
      "Nats-Schedule-Target": subject,
    },
  };
}

/** @throws when the payload is not what `encodeJob` makes. */
export function decodeJob(subject: string, payload: Uint8Array): Job<unknown> {
  const { id, data } = JSON.parse(new TextDecoder().decode(payload)) as Job<unknown>;
  if (typeof id !== "string") throw new TypeError("a job without an id");
  return { id, lane: laneOf(subject), data };
}

function checkedLane({ lane }: Job<unknown>): string {
  if (!LANE.test(lane)) throw new RangeError(`not a lane: ${lane.slice(0, 60)}`);
  return lane;
}

/** Stands for the id, which may be any text: short, for the server holds it in memory several times. */
function nameOf({ id }: Job<unknown>): string {
  return hash("sha256", id, "base64url").slice(0, NAME_LENGTH);
}
