/** SMTP in from senders: checks, stores, appends `message.accepted`, answers 250. */
export { startSubmission, type Submission, type SubmissionOptions } from "./start.ts";
export type { TrustedNetwork } from "./trusted.ts";
