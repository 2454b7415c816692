/** What an accepted message asks for: a job per recipient, or the record that it gets none. Pure. */
import type { Event, NewEvent, SuppressionReason } from "@chappe/src/events";
import type { Job, Position } from "@chappe/src/log";
import type { DeliveryJob } from "../job.ts";
import { domainOf } from "../routing/mod.ts";
import { notSent } from "../suppressed.ts";

export interface Plan {
  readonly jobs: Job<DeliveryJob>[];
  readonly suppressed: NewEvent[];
}

/**
 * @param reasons per recipient, why it stands on the account's suppression list; null when it does not.
 * @param doubtful whether the message may have been dispatched before.
 */
export function plan(
  accepted: Event<"message.accepted">,
  { reasons, position, lane, doubtful, now }: {
    reasons: readonly (SuppressionReason | null)[];
    /** Where the event stands. */
    position: Position;
    lane: (domain: string) => string;
    doubtful: boolean;
    now: number;
  },
): Plan {
  const { account, data, id: cause, message = "" } = accepted;
  const { sender, from, messageId, body, size, tracking, listUnsubscribe, smtputf8 } = data;
  const needed = { sender, from, messageId, body, size, tracking, listUnsubscribe, smtputf8 };
  const jobs: Job<DeliveryJob>[] = [];
  const suppressed: NewEvent[] = [];
  for (const [rcpt, { address: recipient, kind }] of data.recipients.entries()) {
    const reason = reasons[rcpt] ?? null;
    if (reason !== null) {
      suppressed.push(notSent({ account, message, rcpt, recipient, cause }, reason, now));
      continue;
    }
    jobs.push({
      id: `${message}.${rcpt}.1`,
      lane: lane(domainOf(recipient)),
      data: {
        account,
        message,
        rcpt,
        recipient,
        kind,
        attempt: 1,
        acceptedAt: accepted.at,
        cause,
        recipients: data.recipients.length,
        accepted: needed,
        ...data.files === undefined ? {} : { files: { linked: data.files, told: position } },
        label: data.references.billingCode ?? accepted.campaign ?? null,
        ...doubtful ? { doubtful } : {},
      },
    });
  }
  return { jobs, suppressed };
}
