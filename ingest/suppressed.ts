/** The record of a copy that was not sent, because its recipient stands on the account's list. */
import { derivedId, event, type NewEvent, type SuppressionReason } from "@chappe/src/events";
import type { Metrics } from "@chappe/src/runtime";
import type { DeliveryJob } from "./job.ts";

/** Why an account does not send to a recipient; null when it does. Costs next to nothing. */
export type Suppressed = (account: string, recipient: string) => SuppressionReason | null;

/** The same event whoever finds it out, at dispatch or before a retry. */
export function notSent(
  { account, message, rcpt, recipient, cause }: Pick<
    DeliveryJob,
    "account" | "message" | "rcpt" | "recipient" | "cause"
  >,
  reason: SuppressionReason,
  at: number,
): NewEvent<"delivery.suppressed"> {
  const id = derivedId("suppressed", message, rcpt);
  const envelope = { id, account, at, cause, message, rcpt, recipient };
  return event("delivery.suppressed", envelope, { reason });
}

export function countNotSent(metrics: Metrics, copies: number): void {
  metrics.count("chappe_not_sent_total", "Copies not sent: recipient on the list.", copies);
}
