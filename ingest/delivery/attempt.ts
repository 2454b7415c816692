/** One job, from the queue to what came of it: a way is chosen, the copy sent, or put back. */
import type { Claim } from "@chappe/src/log";
import type { RetryPolicy } from "@chappe/src/rules";
import type { Waiting } from "@chappe/src/sending";
import type { Doubt } from "../doubt.ts";
import type { DeliveryJob } from "../job.ts";
import { domainOf, laneOf, provider, type Route, type Router } from "../routing/mod.ts";
import type { Suppressed } from "../suppressed.ts";
import { jobId, outcomeId } from "./decide.ts";
import { createWakes, holdOf, putAgain } from "./hold.ts";
import type { Lookup } from "./lookup.ts";
import type { NoRoute } from "./mx.ts";
import type { Outcome } from "./outcome.ts";
import { createStrays } from "./strays.ts";
import type { Settle } from "./settle.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

/**
 * Who would come back sooner is only released, ms. Longer than a claim lasts: a job whose holder died
 * after putting it back comes again before that, while its timer still waits.
 */
const SHORT_MS = 90_000;
/** When a job that may have been put back already is looked at, ms. */
const AGAIN_MS = 1_000;

export interface AttemptOptions {
  suppressed: Suppressed;
  /** The servers for a domain. */
  targetOf(domain: string): Promise<Target | NoRoute>;
  router: Router;
  /** Whether the line of an address at a provider takes another copy. */
  free(address: string | null, provider: string): boolean;
  submit(target: Target, task: Task): void;
  /** Whether copies are put back at all, as things stand. */
  mayHold(): boolean;
  lookup: Lookup;
  settle: Settle;
  doubt: Doubt;
  retry: RetryPolicy;
  now: () => number;
}

/** A copy and where it goes. */
interface Aim {
  readonly domain: string;
  readonly provider: string;
}

export function createAttempt(
  options: AttemptOptions,
): (claim: Claim<DeliveryJob>) => Promise<void> {
  const { router, settle, doubt, retry, now } = options;
  const wakes = createWakes();
  const strays = createStrays();

  return async (claim) => {
    const job = claim.data;
    const unsure = claim.redelivered || job.doubtful === true;
    const doubtful = unsure || claim.enqueued < doubt.before;
    if (doubtful) {
      const found = await options.lookup.find({
        id: outcomeId(job),
        since: job.doubtful ? job.acceptedAt : claim.enqueued,
        until: unsure ? Infinity : doubt.before,
      });
      if (found !== null) return await settle.found(claim, found);
    }
    const reason = options.suppressed(job.account, job.recipient);
    if (reason !== null) return await settle.suppressed(claim, reason);
    // A timer by the same name takes the place of the one that may be there, so that one of both is
    // left: nothing else would tell the other that this one was sent.
    if ((claim.redelivered || claim.enqueued < doubt.before) && options.mayHold()) {
      const at = Math.max(now() + AGAIN_MS, doubt.before);
      return await settle.held(claim, putAgain(claim), at);
    }
    const domain = domainOf(job.recipient);
    const target = await options.targetOf(domain);
    if ("error" in target) {
      const task = taskOf(claim, { domain, provider: provider(domain) }, {
        route: router.nowhere(job.account),
      });
      task.startedAt = now();
      return await settle.outcome(task, failed(target));
    }
    await send(claim, target, { domain, provider: provider(domain, target.mx) }, doubtful);
  };

  async function send(
    claim: Claim<DeliveryJob>,
    target: Target,
    aim: Aim,
    doubtful: boolean,
  ): Promise<void> {
    const { account } = claim.data;
    const leaving = { account, provider: aim.provider, copy: jobId(claim.data) };
    if (doubtful) await router.cameBack(leaving);
    let before: Pick<Task, "copy" | "startedAt"> | null = null;
    for (;;) {
      const route = await router.choose(leaving);
      if (route.kind === "wait") return await hold(claim, aim, route, doubtful);
      // Others that chose at the same time may have filled the line meanwhile.
      if (!options.free(route.address, aim.provider)) {
        await route.unused();
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const task = taskOf(claim, aim, { route, ...before }, resolve);
      options.submit(target, task);
      const outcome = await promise;
      if (!task.begun) await route.unused();
      if (outcome.kind !== "again") return await settle.outcome(task, outcome);
      before = { copy: task.copy, startedAt: task.startedAt };
    }
  }

  async function hold(
    claim: Claim<DeliveryJob>,
    aim: Aim,
    waiting: Waiting,
    doubtful: boolean,
  ): Promise<void> {
    const { account, acceptedAt } = claim.data;
    const at = now();
    const end = acceptedAt + retry.giveUpAfter;
    if (at >= end) {
      const route = { ...router.nowhere(account), why: waiting.why };
      const task = taskOf(claim, aim, { route, startedAt: at });
      return await settle.outcome(task, failed(NO_ADDRESS));
    }
    const wake = wakes.next({ account, provider: aim.provider }, waiting, at);
    const stays = claim.lane === laneOf(aim.provider) || strays.mayStay(aim.provider, at);
    const until = Math.max(Math.min(wake, end), stays ? at : at + SHORT_MS);
    if (until - at < SHORT_MS) return claim.release(until - at, !doubtful);
    await settle.held(claim, holdOf(claim, waiting, { until, ...aim, doubtful, now: at }), until);
  }
}

const NO_ADDRESS: NoRoute = {
  enhanced: "4.4.7",
  error: "no source address was free to send it, until its time was up",
};

function failed(why: NoRoute): Outcome {
  return { kind: "failed", ...why, host: null, tls: null };
}

function taskOf(
  claim: Claim<DeliveryJob>,
  aim: Aim,
  { route, startedAt = 0, copy = null }:
    & { route: Route }
    & Partial<Pick<Task, "copy" | "startedAt">>,
  done: Task["done"] = () => {},
): Task {
  return { claim, ...aim, route, startedAt, copy, begun: false, done };
}
