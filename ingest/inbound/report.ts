/** Finds in a message that came back what it reports. */
import type { Bounced, Complained } from "@chappe/src/events";
import { readParts } from "@chappe/src/mail";
import { failureOf } from "./delivery_status.ts";
import { complaintOf } from "./feedback_report.ts";

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

/**
 * Reads a raw message; never throws. What is no report, or cannot be read, reports nothing. A
 * message within the message is not looked into: that is the one which came back, or anybody's.
 */
export function readReport(raw: Uint8Array): Report {
  const parts = readParts(raw);
  const textOf = (types: readonly string[]) =>
    parts.find((part) => types.includes(part.type))?.text(MAX_PART);
  const status = textOf(DELIVERY_STATUS);
  const feedback = textOf(FEEDBACK_REPORT);
  return {
    bounced: status === undefined ? null : failureOf(status),
    complained: feedback === undefined ? null : complaintOf(feedback),
  };
}
