/**
 * Jobs on the wire: JSON of id and data, the lane in the subject. On its way a job may pass through a
 * pack of several; what it must not lose there is put in front, and the text stays as it is.
 */
import { derivedId } from "../../events/mod.ts";
import type { Job } from "../port.ts";
import type { Outgoing } from "./batch.ts";

const LANE = /^[a-z0-9_-]+$/;

/** What a job carries along besides itself. */
export interface Luggage {
  readonly lane?: string;
  /** When it entered the queue for the first time, ms UTC. */
  readonly at?: number;
  /** It was handed out before, or another one of the same id may have been. */
  readonly again?: true;
  /** What a repeat is told by, where that is not the id. */
  readonly key?: string;
}

export interface Decoded extends Luggage {
  readonly job: Job<unknown>;
}

/** The text of a job, without its lane. */
export function jobText({ id, data }: Job<unknown>): string {
  return JSON.stringify({ id, data });
}

/** Puts luggage in front of what a job has: of two that say the same, the older one counts. */
export function withLuggage(text: string, luggage: Luggage): string {
  const front = JSON.stringify(luggage);
  return front === "{}" ? text : `${front.slice(0, -1)},${text.slice(1)}`;
}

/** A message that is in the queue at once. @throws {RangeError} on a lane that is none. */
export function encodeJob(job: Job<unknown>): Outgoing {
  return outgoing(checkedLane(job), jobText(job), job.id);
}

/** As {@link encodeJob}, of a text that stands. @param key what a repeat is told by */
export function outgoing(lane: string, text: string, key: string): Outgoing {
  return {
    subject: `jobs.${lane}`,
    payload: new TextEncoder().encode(text),
    headers: { "Nats-Msg-Id": idHeader(key) },
  };
}

/** @param lane where the text does not say it. @throws when it is not what `jobText` makes. */
export function decodeJob(text: string, lane?: string): Decoded {
  const { id, data, ...luggage } = JSON.parse(text) as Job<unknown> & Luggage;
  const told = lane ?? luggage.lane;
  if (typeof id !== "string") throw new TypeError("a job without an id");
  if (told === undefined) throw new TypeError("a job without a lane");
  return { ...luggage, job: { id, lane: told, data } };
}

/** @throws {RangeError} */
export function checkedLane({ lane }: Job<unknown>): string {
  if (!LANE.test(lane)) throw new RangeError(`not a lane: ${lane.slice(0, 60)}`);
  return lane;
}

/** Header values are single lines of ASCII; ids may be anything. */
function idHeader(id: string): string {
  return /^[\x21-\x7e]{1,200}$/.test(id) ? id : derivedId(id);
}
