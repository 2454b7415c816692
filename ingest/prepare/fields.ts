/** Header fields that each copy gets on top. */
import type { DeliveryJob } from "../job.ts";

export type FieldValue = readonly [name: string, value: string];

/**
 * Fields the message lacks. They depend on the job alone, so that a copy made again for a retry is
 * the same message.
 *
 * @param present names of the message's own fields, lower case
 * @param unsubscribe URL that takes this recipient off the list
 */
export function missingFields(
  job: DeliveryJob,
  present: ReadonlySet<string>,
  unsubscribe: () => string,
): FieldValue[] {
  const fields: FieldValue[] = [];
  // RFC 6409 §8: what is missing is added at submission.
  if (!present.has("date")) fields.push(["Date", formatDate(job.acceptedAt)]);
  if (!present.has("message-id")) fields.push(["Message-ID", `<${job.accepted.messageId}>`]);
  if (job.accepted.listUnsubscribe !== "off" && !present.has("list-unsubscribe")) {
    fields.push(["List-Unsubscribe", `<${unsubscribe()}>`]);
    if (!present.has("list-unsubscribe-post")) {
      fields.push(["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"]); // RFC 8058
    }
  }
  return fields;
}

/** RFC 5322 §3.3, in UTC. */
export function formatDate(ms: number): string {
  return new Date(ms).toUTCString().replace("GMT", "+0000");
}
