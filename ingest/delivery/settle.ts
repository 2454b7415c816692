/** Makes an outcome count: the event first, then the next attempt, and only then the job is done. */
import type { Event, SuppressionReason } from "@chappe/src/events";
import type { Claim, Station } from "@chappe/src/log";
import { type RetryPolicy, suppressionOf } from "@chappe/src/rules";
import { type Logger, messageOf, type Metrics } from "@chappe/src/runtime";
import type { DeliveryJob } from "../job.ts";
import { countNotSent, notSent } from "../suppressed.ts";
import { decide, nextJob } from "./decide.ts";
import type { Hold } from "./hold.ts";
import type { Outcome } from "./outcome.ts";
import type { Recorder } from "./recorder.ts";
import type { Task } from "./task.ts";
import { createTurns } from "./turns.ts";

/** When a copy that could not be made is tried again, ms. */
const UNPREPARED_MS = 30_000;

export interface Settle {
  outcome(task: Task, outcome: Outcome): Promise<void>;
  /** Not to be sent after all: a record of that, and no attempt. */
  suppressed(claim: Claim<DeliveryJob>, reason: SuppressionReason): Promise<void>;
  /** Put back into the queue until `at` (ms UTC): no attempt. */
  held(claim: Claim<DeliveryJob>, hold: Hold, at: number): Promise<void>;
  /** What is still to do after an outcome that an earlier holder of the job left in the log. */
  found(claim: Claim<DeliveryJob>, event: Event): Promise<void>;
}

export function createSettle(
  { station, recorder, retry, now, logger, metrics }: {
    station: Pick<Station, "events" | "queue">;
    recorder: Recorder;
    retry: RetryPolicy;
    now: () => number;
    logger: Logger;
    metrics: Metrics;
  },
): Settle {
  const turns = createTurns();
  return {
    async outcome(task, outcome) {
      const { claim } = task;
      const decision = decide(task, outcome, { now: now(), retry, turns });
      if (decision === null) {
        if (outcome.kind === "unprepared") {
          logger.error("delivery.unprepared", { job: claim.id, error: messageOf(outcome.error) });
        }
        claim.release(outcome.kind === "unprepared" ? UNPREPARED_MS : 0);
        return;
      }
      // First: an outcome in the log is never looked at again, and the next mail would go out.
      const suppression = suppressionOf(decision.event, claim.data.recipient);
      if (suppression !== null) await recorder.record(() => station.events.append([suppression]));
      await recorder.record(() => station.events.append([decision.event]));
      metrics.count(
        "chappe_delivery_attempts_total",
        "Attempts to deliver a copy, by how they ended.",
        1,
        { outcome: decision.event.type.slice("delivery.".length) },
      );
      const took = (now() - task.startedAt) / 1000;
      metrics.observe("chappe_delivery_seconds", "Time that attempts take.", took);
      const { retry: again } = decision;
      if (again !== null) await recorder.record(() => station.queue.schedule(again.job, again.at));
      claim.ack();
    },

    async suppressed(claim, reason) {
      const event = notSent(claim.data, reason, now());
      await recorder.record(() => station.events.append([event]));
      countNotSent(metrics, 1);
      claim.ack();
    },

    async held(claim, { job, event }, at) {
      if (event !== null) await recorder.record(() => station.events.append([event]));
      await recorder.record(() => station.queue.schedule(job, at));
      metrics.count("chappe_held_total", "Times that a copy was put back to wait for an address.");
      claim.ack();
    },

    async found(claim, event) {
      if (event.type === "delivery.deferred") {
        const job = nextJob(claim);
        // Whether the retry was put into the queue is not known; it may even have run.
        const doubtful = { ...job, data: { ...job.data, doubtful: true as const } };
        const at = event.data.nextAttemptAt;
        await recorder.record(() => station.queue.schedule(doubtful, at));
      }
      claim.ack();
    },
  };
}
