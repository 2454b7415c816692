/** Header fields that each copy gets on top. */
import type { DeliveryJob } from "../job.ts";

export type FieldValue = readonly [name: string, value: string];

export interface FieldMakers {
  /** Tells mail of this installation from that of others: see {@link senderIdOf}. */
  readonly senderId: string;
  /** URL that takes this recipient off the list. */
  unsubscribe(): string;
  /** Address that does, when mail is sent there. */
  unsubscribeAt(): string;
}

/**
 * Fields the message lacks. They depend on the job alone, so that a copy made again for a retry is
 * the same message. Values are ASCII, folded where a line would be long.
 *
 * @param present names of the message's own fields, lower case
 */
export function missingFields(
  job: DeliveryJob,
  present: ReadonlySet<string>,
  { senderId, unsubscribe, unsubscribeAt }: FieldMakers,
): FieldValue[] {
  const fields: FieldValue[] = [];
  // RFC 6409 §8: what is missing is added at submission.
  if (!present.has("date")) fields.push(["Date", formatDate(job.acceptedAt)]);
  if (!present.has("message-id")) fields.push(["Message-ID", `<${job.accepted.messageId}>`]);
  if (job.accepted.listUnsubscribe !== "off" && !present.has("list-unsubscribe")) {
    fields.push([
      "List-Unsubscribe", // RFC 2369
      `<${unsubscribe()}>,\r\n <mailto:${unsubscribeAt()}?subject=unsubscribe>`,
    ]);
    if (!present.has("list-unsubscribe-post")) {
      fields.push(["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"]); // RFC 8058
    }
  }
  if (!present.has("feedback-id")) {
    fields.push([
      "Feedback-ID",
      `${feedbackLabel(job.label)}:${feedbackLabel(job.account)}:relay:${senderId}`,
    ]);
  }
  return fields;
}

/**
 * The last field of Feedback-ID: 5 to 15 characters that stay the same (Google, "Feedback Loop").
 *
 * @param hostname of the installation
 */
export function senderIdOf(hostname: string): string {
  return hostname.toLowerCase().replace(/[^a-z0-9]/g, "").slice(-15);
}

/** One of the fields before it, by which complaints are counted: no colon, no space, not long. */
function feedbackLabel(text: string | null): string {
  const plain = (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[^!-9;-~]+/g, "-").slice(0, 40);
  return plain === "" ? "-" : plain;
}

/** RFC 5322 §3.3, in UTC. */
export function formatDate(ms: number): string {
  return new Date(ms).toUTCString().replace("GMT", "+0000");
}
