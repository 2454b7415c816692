/** From an outcome to the event that records it, and to the next attempt. Pure. */
import { type BounceClass, derivedId, event, type NewEvent } from "@chappe/src/events";
import { BodyGoneError, type Job } from "@chappe/src/log";
import { classify, nextAttemptAt, type RetryPolicy, type Verdict } from "@chappe/src/rules";
import type { DeliveryJob } from "../job.ts";
import { laneOf, type Route } from "../routing/mod.ts";
import type { Outcome } from "./outcome.ts";
import type { Task } from "./task.ts";
import type { Turns } from "./turns.ts";

/** Between copies that a provider deferred, when they are tried again, ms. */
const APART_MS = 4;

export interface Decision {
  readonly event: NewEvent;
  readonly retry: { readonly job: Job<DeliveryJob>; readonly at: number } | null;
}

/** The id of the event that tells how an attempt ended: the same however often it is made. */
export function outcomeId(job: Pick<DeliveryJob, "message" | "rcpt" | "attempt">): string {
  return derivedId("delivery", job.message, job.rcpt, job.attempt);
}

/** Name of the job for one attempt; the dispatcher names the first. */
export function jobId(job: Pick<DeliveryJob, "message" | "rcpt" | "attempt">): string {
  return `${job.message}.${job.rcpt}.${job.attempt}`;
}

/** Null when the outcome is no fact about the message: it is to be tried again as if never tried. */
export function decide(
  task: Pick<Task, "claim" | "copy" | "domain" | "provider" | "startedAt"> & {
    readonly route: Pick<Route, "pool" | "address" | "why">;
  },
  outcome: Outcome,
  { now, retry, turns }: { now: number; retry: RetryPolicy; turns: Turns },
): Decision | null {
  const job = task.claim.data;
  const answered = outcome.kind === "answered" ? outcome : null;
  if (outcome.kind === "undone" || outcome.kind === "again") return null;
  if (outcome.kind === "unprepared") {
    if (!(outcome.error instanceof BodyGoneError)) return null;
    const error = "message body no longer kept";
    return {
      event: bounced({ class: "other", permanent: true, kind: "hard" }, error),
      retry: null,
    };
  }
  if (answered?.taken) {
    const data = { ...route(), reply: answered.reply };
    return { event: event("delivery.delivered", envelope(), data), retry: null };
  }
  const error = outcome.kind === "failed" ? `${outcome.enhanced} ${outcome.error}` : null;
  const verdict = verdictOn(outcome);
  if (verdict.permanent) return { event: bounced(verdict, error), retry: null };

  const facts = { ...route(), reply: answered?.reply ?? null, error, class: verdict.class };
  const { attempt, acceptedAt } = job;
  const wanted = nextAttemptAt({ attempt, acceptedAt, now, answered: answered !== null }, retry);
  if (wanted === null) return { event: event("delivery.expired", envelope(), facts), retry: null };
  // After the same pause: those of other attempts have other pauses.
  const at = turns(`${task.provider} ${attempt} ${answered !== null}`, wanted, APART_MS);
  return {
    event: event("delivery.deferred", envelope(), { ...facts, nextAttemptAt: at }),
    retry: { job: nextJob({ data: job, lane: laneOf(task.provider) }), at },
  };

  function envelope() {
    const { account, message, rcpt, recipient, cause } = job;
    return { id: outcomeId(job), account, at: now, cause, message, rcpt, recipient };
  }
  function route() {
    const reached = outcome.kind === "answered" || outcome.kind === "failed" ? outcome : null;
    const { pool, address, why } = task.route;
    return {
      attempt: job.attempt,
      address,
      pool,
      provider: task.provider,
      domain: task.domain,
      mx: reached?.host ?? null,
      tls: reached?.tls ?? null,
      tookMs: Math.max(0, now - task.startedAt),
      why,
      ...task.copy === null ? {} : { authentication: task.copy.authentication },
    };
  }
  function bounced(verdict: Verdict & { class: BounceClass }, error: string | null) {
    const reply = answered?.reply ?? null;
    const { kind } = verdict;
    const data = { ...route(), reply, error, class: verdict.class, kind, mode: "sync" as const };
    return event("delivery.bounced", envelope(), data);
  }
}

/** The job for the attempt after this one, as its outcome ordered it. */
export function nextJob({ data, lane }: Omit<Job<DeliveryJob>, "id">): Job<DeliveryJob> {
  const { doubtful: _, held: __, ...job } = data;
  const next = { ...job, attempt: data.attempt + 1 };
  return { id: jobId(next), lane, data: next };
}

/** Codes of hosts that say for good that they take no mail at all (RFC 7504). */
const NO_MAIL_HERE: ReadonlySet<number> = new Set([521, 556]);

function verdictOn(outcome: Outcome & { kind: "answered" | "failed" }): Verdict {
  if (outcome.kind === "failed") {
    return classify({ code: null, enhanced: outcome.enhanced, text: "" });
  }
  const verdict = classify(outcome.reply);
  // A refusal before the recipient was named is about us or the server: it may pass.
  if (!outcome.early || NO_MAIL_HERE.has(outcome.reply.code)) return verdict;
  return { ...verdict, permanent: false, kind: "soft" };
}
