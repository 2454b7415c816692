/** What a message from the world tells of our copies: pure, from whom it is for and what it says. */
import type { Addressee } from "./addressee.ts";
import type { CopyReported } from "./feedback_copy.ts";
import { type Finding, finding } from "./finding.ts";
import type { Incoming } from "./incoming.ts";
import { feedbackReport, readReport } from "./report.ts";
import { asksToUnsubscribe } from "./unsubscribe.ts";

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Written to postmaster, abuse or fbl, and nothing that we could make use of. */
  readonly toPeople: boolean;
  /** Whether it is a feedback report, of whatever mail. */
  readonly feedback: boolean;
}

/**
 * An address that we gave to a copy speaks for that copy only, and for one purpose: what else the
 * message names counts for nothing. At the mailboxes that every domain has, a feedback report names
 * its copy by what we signed.
 */
export function judge(
  incoming: Incoming,
  addressees: readonly Addressee[],
  copyReported: CopyReported,
): Judgement {
  const report = readReport(incoming);
  const findings: Finding[] = [];
  for (const addressee of addressees) {
    if (addressee.kind === "role") {
      const copy = report.complained === null ? null : copyReported(incoming);
      if (copy !== null) {
        findings.push(
          finding(copy, { type: "feedback.complained", data: report.complained! }),
        );
      }
    } else if (addressee.copy.purpose === "unsubscribe") {
      if (asksToUnsubscribe(incoming)) {
        const data = { method: "mail" } as const;
        findings.push(finding(addressee.copy, { type: "feedback.unsubscribed", data }));
      }
    } else {
      if (report.bounced !== null) {
        findings.push(finding(addressee.copy, { type: "delivery.bounced", data: report.bounced }));
      }
      if (report.complained !== null) {
        findings.push(
          finding(addressee.copy, { type: "feedback.complained", data: report.complained }),
        );
      }
    }
  }
  return {
    findings,
    toPeople: findings.length === 0 && addressees.some(({ kind }) => kind === "role"),
    feedback: feedbackReport(incoming) !== undefined,
  };
}
