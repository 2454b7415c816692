/** Which facts end an account's mail to an address, and the fact that says so. */
import {
  derivedId,
  event as make,
  type EventType,
  type NewEvent,
  type SuppressionReason,
} from "../events/mod.ts";
import { recipientKey } from "./recipient.ts";

/** Classes of refusals that say that the address itself is of no use (rules/bounce). */
const OF_NO_USE: ReadonlySet<string> = new Set(["unknown-user", "dns"]);

/** Why a fact about one delivery puts its recipient on the account's list; null when it does not. */
export function suppressionFor(
  event: Pick<NewEvent, "type" | "data">,
): { reason: SuppressionReason; source: EventType } | null {
  const reason = reasonOf(event as NewEvent);
  return reason === null ? null : { reason, source: event.type };
}

function reasonOf(event: NewEvent): SuppressionReason | null {
  switch (event.type) {
    case "delivery.bounced":
      return event.data.kind === "hard" && OF_NO_USE.has(event.data.class) ? "hard-bounce" : null;
    case "feedback.complained":
      return "complaint";
    case "feedback.unsubscribed":
      return "unsubscribe";
    default:
      return null;
  }
}

/** Id of the `suppression.added` that `cause` (an event's id) leads to: the same whoever appends it. */
export function suppressionId(account: string, address: string, cause: string): string {
  return derivedId("suppression", account, recipientKey(address), cause);
}

/**
 * The `suppression.added` that a fact about `recipient` leads to; null when it leads to none. Append
 * it before the fact itself: then a fact in the log has done its work.
 */
export function suppressionOf(
  cause: NewEvent,
  recipient: string,
): NewEvent<"suppression.added"> | null {
  const data = suppressionFor(cause);
  if (data === null) return null;
  const { account, at, message, rcpt } = cause;
  const id = suppressionId(account, recipient, cause.id);
  const whose = {
    ...message === undefined ? {} : { message },
    ...rcpt === undefined ? {} : { rcpt },
  };
  return make("suppression.added", { id, account, at, cause: cause.id, ...whose, recipient }, data);
}
