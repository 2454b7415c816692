/** A report on one copy as events. */
import { derivedId, event, type NewEvent } from "@chappe/src/events";
import type { CopyAddress } from "@chappe/src/rules";
import type { Report } from "./report.ts";

/**
 * The ids depend on the copy and the kind of report only: the same report sent again, or two servers
 * that report the same, are one fact.
 */
export function factsOf(path: CopyAddress, report: Report, at: number): NewEvent[] {
  const { account, message, rcpt } = path;
  const envelope = (kind: string) => ({
    id: derivedId(kind, message, rcpt),
    account,
    at,
    message,
    rcpt,
  });
  const facts: NewEvent[] = [];
  if (report.bounced !== null) {
    facts.push(event("delivery.bounced", envelope("delivery.bounced async"), report.bounced));
  }
  if (report.complained !== null) {
    facts.push(event("feedback.complained", envelope("feedback.complained"), report.complained));
  }
  return facts;
}
