/** Who has withdrawn consent gets copies without pixel and with the links as they are. */
import type { DeliveryJob, Preparer } from "../job.ts";

/** @param withdrawn whether a recipient of the account is not to be tracked, as of now */
export function withConsent(
  preparer: Preparer,
  withdrawn: (account: string, recipient: string) => boolean,
): Preparer {
  return {
    prepare: (job) =>
      preparer.prepare(withdrawn(job.account, job.recipient) ? untracked(job) : job),
  };
}

function untracked(job: DeliveryJob): DeliveryJob {
  const { accepted } = job;
  return { ...job, accepted: { ...accepted, tracking: { ...accepted.tracking, mode: "off" } } };
}
