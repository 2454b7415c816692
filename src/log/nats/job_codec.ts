/** Jobs on the wire: the lane stands in the subject, id and data in the payload. */
import { derivedId } from "../../events/mod.ts";
import type { Job } from "../port.ts";
import type { Outgoing } from "./batch.ts";

const LANE = /^[a-z0-9_-]+$/;

/** A message that is in the queue at once. @throws {RangeError} on a lane that is none. */
export function encodeJob(job: Job<unknown>): Outgoing {
  return {
    subject: `jobs.${checkedLane(job)}`,
    payload: new TextEncoder().encode(JSON.stringify({ id: job.id, data: job.data })),
    headers: { "Nats-Msg-Id": idHeader(job) },
  };
}

/** A message that JetStream puts into the queue at `at` (NATS ADR-51): one subject for each timer. */
export function encodeTimer(job: Job<unknown>, at: number): Outgoing {
  const { subject, payload, headers } = encodeJob(job);
  return {
    subject: `timers.${job.lane}.${derivedId(job.id)}`,
    payload,
    headers: {
      ...headers,
      "Nats-Schedule": `@at ${new Date(at).toISOString()}`,
      "Nats-Schedule-Target": subject,
    },
  };
}

/** @throws when the payload is not what `encodeJob` makes. */
export function decodeJob(subject: string, payload: Uint8Array): Job<unknown> {
  const { id, data } = JSON.parse(new TextDecoder().decode(payload)) as Job<unknown>;
  if (typeof id !== "string") throw new TypeError("a job without an id");
  return { id, lane: subject.slice("jobs.".length), data };
}

function checkedLane({ lane }: Job<unknown>): string {
  if (!LANE.test(lane)) throw new RangeError(`not a lane: ${lane.slice(0, 60)}`);
  return lane;
}

/** Header values are single lines of ASCII; ids may be anything. */
function idHeader({ id }: Job<unknown>): string {
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : derivedId(id);
}
