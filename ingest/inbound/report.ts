/** Finds in a message that came back what it reports. */
import type { Bounced, Complained } from "@chappe/src/events";
import { failureInWords } from "./bounce_text.ts";
import { failureOf } from "./delivery_status.ts";
import { complaintOf } from "./feedback_report.ts";
import type { Incoming } from "./incoming.ts";

export interface Report {
  bounced: Bounced | null;
  complained: Complained | null;
}

/** RFC 3464, and RFC 6533 for addresses outside ASCII. */
const DELIVERY_STATUS = ["message/delivery-status", "message/global-delivery-status"];
/** RFC 5965. */
const FEEDBACK_REPORT = ["message/feedback-report"];
/** Beyond it a report is nobody's honest work; bytes. */
const MAX_PART = 64 * 1024;

/** The text of the machine-readable part of those types; undefined when there is none. */
function machinePart({ parts }: Incoming, types: readonly string[]): string | undefined {
  return parts.find((part) => types.includes(part.type))?.text(MAX_PART);
}

/** The text of the feedback report in a message; undefined when it is none. */
export function feedbackReport(incoming: Incoming): string | undefined {
  return machinePart(incoming, FEEDBACK_REPORT);
}

/**
 * Never throws. What is no report, or cannot be read, reports nothing. A message within the message
 * is not looked into: that is the one which came back, or anybody's.
 */
export function readReport(incoming: Incoming): Report {
  const status = machinePart(incoming, DELIVERY_STATUS);
  const feedback = feedbackReport(incoming);
  if (feedback !== undefined) return { bounced: null, complained: complaintOf(feedback) };
  return {
    bounced: status === undefined ? failureInWords(incoming) : failureOf(status),
    complained: null,
  };
}
