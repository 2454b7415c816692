/** SMTP in from senders: checks, stores, appends `message.accepted`, answers 250. */
export { createSubmission, type Submission, type SubmissionOptions } from "./start.ts";
export type { Listener } from "./listener.ts";
export type { TrustedNetwork } from "./trusted.ts";
