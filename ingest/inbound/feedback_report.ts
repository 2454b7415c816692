/** Feedback reports (ARF, RFC 5965): a recipient called our mail spam. */
import type { Complained } from "@chappe/src/events";
import { oneLine, readGroups } from "./fields.ts";

const MAX_TEXT = 200;

/** Reports that blame nobody for sending: RFC 6430, RFC 6591. */
const NO_COMPLAINT = new Set(["not-spam", "auth-failure"]);

/** The complaint that a `message/feedback-report` part makes, or null when it makes none. */
export function complaintOf(text: string): Complained | null {
  const fields = readGroups(text)[0];
  const type = fields?.get("feedback-type");
  if (fields === undefined || type === undefined) return null;
  const feedbackType = oneLine(type.toLowerCase(), MAX_TEXT);
  if (feedbackType === "" || NO_COMPLAINT.has(feedbackType)) return null;
  const userAgent = oneLine(fields.get("user-agent") ?? "", MAX_TEXT);
  return { feedbackType, userAgent, source: "arf" };
}
