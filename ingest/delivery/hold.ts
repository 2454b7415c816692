/** Copies that wait for an address: when they are looked at again, and what is said about it. */
import { derivedId, event, type NewEvent } from "@chappe/src/events";
import type { Job } from "@chappe/src/log";
import type { Waiting } from "@chappe/src/sending";
import type { DeliveryJob } from "../job.ts";
import { laneOf } from "../routing/mod.ts";
import { jobId } from "./decide.ts";
import { createTurns } from "./turns.ts";

/** When there is nothing to wait for but that somebody changes something, ms. */
const LOOK_MS = 60_000;
/** Nor does anybody sleep through a change for longer, ms. */
const LONGEST_MS = 15 * 60_000;
/** Those who wait for the same come back one after the other, so far apart, ms. */
const APART_MS = 5;
/** Those who wait for a place in a line, which moves on: by then it may have passed. */
const SOON = { ms: 60_000, apartMs: 1 };

export interface Hold {
  readonly job: Job<DeliveryJob>;
  /** Null where its reason was told before. */
  readonly event: NewEvent<"delivery.held"> | null;
}

/** @param until when it is looked at again, ms UTC */
export function holdOf(
  { data }: Job<DeliveryJob>,
  { why }: Waiting,
  { until, provider, domain, doubtful, now }: {
    until: number;
    provider: string;
    domain: string;
    /** Another job for this hold may have been put into the queue. */
    doubtful: boolean;
    now: number;
  },
): Hold {
  const { account, message, rcpt, recipient, cause, attempt } = data;
  const reason = reasonOf(why);
  const job = putBack({ data, lane: laneOf(provider) }, reason, doubtful);
  const id = derivedId("held", message, rcpt, attempt, job.data.held!.times);
  const envelope = { id, account, at: now, cause, message, rcpt, recipient };
  const told = { attempt, until, provider, domain, why };
  return {
    job,
    event: data.held?.reason === reason ? null : event("delivery.held", envelope, told),
  };
}

/** Once more, by the name that it has if it was put back already. */
export function putAgain(job: Job<DeliveryJob>): Hold {
  return { job: putBack(job, job.data.held?.reason ?? "", true), event: null };
}

function putBack(
  { data, lane }: Pick<Job<DeliveryJob>, "data" | "lane">,
  reason: string,
  doubtful: boolean,
): Job<DeliveryJob> {
  const times = (data.held?.times ?? 0) + 1;
  const next = {
    ...data,
    held: { times, reason },
    ...doubtful ? { doubtful: true as const } : {},
  };
  return { id: `${jobId(data)}.held.${times}`, lane, data: next };
}

/** What it is kept from by, without times and counts. */
function reasonOf({ rule, alternatives = [] }: Waiting["why"]): string {
  return [...new Set([rule, ...alternatives.map((each) => each.rule)])].sort().join(" ");
}

export interface Wakes {
  /** When a copy that waits comes back, ms UTC. */
  next(question: { account: string; provider: string }, waiting: Waiting, now: number): number;
}

/** Spreads those who wait for the same moment, so that they can be asked one by one when it comes. */
export function createWakes(): Wakes {
  const turns = createTurns();
  return {
    next({ account, provider }, { until, why }, now) {
      const wanted = Math.min(until ?? now + LOOK_MS, now + LONGEST_MS);
      const apart = wanted - now < SOON.ms ? SOON.apartMs : APART_MS;
      return turns(`${account} ${provider} ${reasonOf(why)}`, wanted, apart);
    },
  };
}
