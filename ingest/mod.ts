/** The SMTP node: mail in from senders, prepared, routed, delivered. */
export { startSubmission, type Submission, type SubmissionOptions } from "./submission/mod.ts";
