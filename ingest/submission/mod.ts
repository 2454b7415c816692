/** Mail in from senders, by SMTP and HTTP: checks, stores, appends `message.accepted`, answers. */
export { createIntake, type Intake } from "./intake.ts";
export { createSubmission, type Submission, type SubmissionOptions } from "./start.ts";
export type { Listener } from "./listener.ts";
export type { TrustedNetwork } from "./trusted.ts";
